// Where a conversation stands, and what in it was not seen yet.

import { one } from "./dom.js";
import { languageOf, page } from "./state.js";
import { say } from "./words.js";

export function nearBottom(user) {
  const log = one(".log", page.columns.get(user));
  return log.scrollHeight - log.scrollTop - log.clientHeight < 60;
}

// Scrolls to the end, but never past the beginning of the message: a card is read from its top.
// One that was changed stays where it is while its beginning is in sight.
export function reveal(item, changed) {
  const log = item.closest(".log");
  const top = item.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop - 12;
  if (changed && top >= log.scrollTop) return;
  log.scrollTop = Math.min(top, log.scrollHeight);
}

export function toBottom(user) {
  const log = one(".log", page.columns.get(user));
  log.scrollTop = log.scrollHeight;
}

export function seen(user) {
  page.unseen.delete(user);
  drawCount(user);
}

export function drawCount(user) {
  const n = page.unseen.get(user) ?? 0;
  const count = one(`[data-chip="${user}"] .count`);
  if (count) {
    count.textContent = n ? String(n) : "";
    count.title = n ? say("{n} new", page.language, { n }) : "";
  }
  const below = one(".below", page.columns.get(user));
  below.hidden = n === 0 || nearBottom(user);
  below.textContent = `↓ ${say("New below", languageOf(user))}`;
}
