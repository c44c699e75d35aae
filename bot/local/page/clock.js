// The workspace's clock, which may be ahead of this computer's, and what happens next by it.

import { one } from "./dom.js";
import { page } from "./state.js";

const ZONE = "Europe/Riga";
const formats = new Map();

export const now = () => new Date(Date.now() + page.ahead);

export function setClock(seconds) {
  page.ahead = seconds * 1000;
  tick();
}

export function setNext(next) {
  page.next = next;
  tick();
}

export function clockFormat(language, options) {
  const key = language + JSON.stringify(options);
  if (!formats.has(key)) {
    const locale = language === "lv" ? "lv-LV" : "en-GB";
    formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options }));
  }
  return formats.get(key);
}

export function tick() {
  const time = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
  one("#time").textContent = clockFormat(page.language, time).format(now());
  one("#time").dateTime = now().toISOString();
  const date = { weekday: "short", day: "numeric", month: "short" };
  one("#date").textContent = clockFormat(page.language, date).format(now());
  one("#next").textContent = page.next ? `${left()}: ${page.next.what[page.language]}` : "";
  one("#next").title = one("#next").textContent;
}

// How long it is until then: seconds while they count, else minutes, else the time of day, with the
// day where it is another one.
function left() {
  const at = new Date(page.next.at);
  const seconds = Math.max(0, Math.ceil((at - now()) / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 3600) return `${Math.ceil(seconds / 60)} min`;
  const time = clockFormat(page.language, { hour: "2-digit", minute: "2-digit" }).format(at);
  return [dayOf(at), time].join(" ").trim();
}

// "tomorrow", else the weekday; empty for today.
function dayOf(at) {
  const tomorrow = new Date(now());
  tomorrow.setDate(tomorrow.getDate() + 1);
  const date = clockFormat("en", { dateStyle: "short" });
  if (date.format(at) === date.format(now())) return "";
  if (date.format(at) !== date.format(tomorrow)) {
    return clockFormat(page.language, { weekday: "short", day: "numeric", month: "short" }).format(at);
  }
  return new Intl.RelativeTimeFormat(page.language, { numeric: "auto" }).format(1, "day");
}
