// Cards on which nothing is left to do fold to a line, and those that say the same merge.

import { all, one } from "./dom.js";

const isSaid = (item) => item.classList.contains("said");
const title = (item) => one(".title", item)?.textContent ?? "";

// One that has changed and has no button left. What was only ever said stays as it is.
const isFinished = (item) => !isSaid(item) && item.dataset.changed === "true"
  && !one("button[data-does], a[href]", one(".content", item));

// The newest message of a column stays open: it is what just happened.
export function fold(column) {
  const items = all(".message", column);
  const newest = items.at(-1);
  const runs = [];
  for (const item of items) {
    const before = runs.at(-1);
    const joins = before && isFinished(item) && isFinished(before[0]) && title(item) === title(before[0]);
    if (joins) before.push(item); else runs.push([item]);
  }
  for (const run of runs) {
    const last = run.at(-1);
    const open = last.dataset.open === "true";
    run.forEach((item) => {
      item.hidden = item !== last && !open;
      const folds = isFinished(item) && item !== newest && item.dataset.open !== "true";
      item.classList.toggle("folded", folds);
      draw(item, item === last ? run.length : 1, folds);
    });
  }
}

function draw(item, times, folds) {
  const line = one(".fold", item);
  line.hidden = !isFinished(item) || (!folds && item.dataset.open !== "true");
  line.setAttribute("aria-expanded", String(!folds));
  one(".fold-title", line).textContent = line.hidden ? "" : title(item);
  for (const count of all(".times", item)) count.textContent = times > 1 ? `×${times}` : "";
}

document.addEventListener("click", (event) => {
  const line = event.target.closest(".fold");
  if (!line) return;
  const item = line.closest(".message");
  item.dataset.open = String(item.dataset.open !== "true");
  fold(item.closest(".column"));
});
