// Whose columns are shown.

import { all, narrow, one, pace, remember } from "./dom.js";
import { drawCount, seen, toBottom } from "./scrolling.js";
import { initials, page, tint } from "./state.js";

export function drawChooser() {
  const drawn = all("[data-chip]").map((chip) => chip.dataset.chip).join();
  // Drawing again would take the focus from a chip.
  if (drawn === page.people.map((person) => person.user).join()) { arrange(); return; }
  one("#people").replaceChildren(...page.people.map((person) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip";
    chip.dataset.chip = person.user;
    const avatar = document.createElement("span");
    avatar.className = `avatar ${tint(person)}`;
    avatar.textContent = initials(person);
    avatar.setAttribute("aria-hidden", "true");
    const count = document.createElement("span");
    count.className = "count";
    chip.append(avatar, person.first, count);
    chip.addEventListener("click", () => choose(person.user));
    return chip;
  }));
  arrange();
}

export function choose(user) {
  if (narrow.matches) {
    page.shown.add(user);
    arrange();
    page.columns.get(user).scrollIntoView({ behavior: pace(), inline: "start", block: "nearest" });
    return;
  }
  if (!page.shown.delete(user)) page.shown.add(user);
  if (page.shown.size === 0) page.shown.add(user);
  remember("shown", [...page.shown]);
  arrange();
  if (page.shown.has(user)) { toBottom(user); seen(user); }
}

// On a wide screen the chips choose whose columns stand side by side; on a phone everybody's
// column is there and the chips go to it.
export function arrange() {
  for (const [user, column] of page.columns) {
    column.hidden = !narrow.matches && !page.shown.has(user);
    const chip = one(`[data-chip="${user}"]`);
    if (!chip) continue;
    if (narrow.matches) {
      chip.removeAttribute("aria-pressed");
    } else {
      chip.removeAttribute("aria-current");
      chip.setAttribute("aria-pressed", String(page.shown.has(user)));
    }
    drawCount(user);
  }
}
narrow.addEventListener("change", arrange);
