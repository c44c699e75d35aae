// The workspace's clock, which may be ahead of this computer's.

import { one } from "./dom.js";
import { page } from "./state.js";

const ZONE = "Europe/Riga";
const formats = new Map();

export function setClock(seconds) {
  page.ahead = seconds * 1000;
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
  const now = new Date(Date.now() + page.ahead);
  const time = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
  one("#time").textContent = clockFormat(page.language, time).format(now);
  one("#time").dateTime = now.toISOString();
  const date = { weekday: "short", day: "numeric", month: "short" };
  one("#date").textContent = clockFormat(page.language, date).format(now);
}
