// What must not be missed: it scrolls into view, and its column has its colour until somebody
// is there.

import { one } from "./dom.js";
import { page } from "./state.js";

const TONES = ["urgent", "good", "careful"];

export function toneOf(item) {
  const card = one(".card", item);
  return TONES.find((tone) => card?.classList.contains(`tone-${tone}`)) ?? "";
}

export function tint(user, tone) {
  page.columns.get(user).dataset.news = tone;
  const chip = one(`[data-chip="${user}"]`);
  if (chip) chip.dataset.news = tone;
}

for (const kind of ["pointerdown", "keydown"]) {
  document.addEventListener(kind, (event) => {
    const column = event.target.closest?.(".column");
    if (column?.dataset.news) tint(column.dataset.user, "");
  });
}
