// Keys for who has no hand free for the mouse: a hand goes up, and from box to box.

import { ask } from "./asking.js";
import { choose } from "./chooser.js";
import { narrow, one } from "./dom.js";
import { page } from "./state.js";

const isAlone = (event) => event.altKey && !event.ctrlKey && !event.metaKey
  && !event.getModifierState("AltGraph");

document.addEventListener("keydown", (event) => {
  if (!isAlone(event) || event.isComposing || one("dialog[open]")) return;
  const number = event.code.match(/^Digit([1-9])$/)?.[1];
  const person = number && page.people[number - 1];
  if (person) {
    event.preventDefault();
    goTo(person.user);
  } else if (event.code === "KeyR") {
    event.preventDefault();
    raise(here());
  }
});

document.addEventListener("click", (event) => {
  const button = event.target.closest(".raise");
  if (button) raise(button.closest(".column").dataset.user);
});

export function goTo(user) {
  if (narrow.matches || !page.shown.has(user)) choose(user);
  one(".say input", page.columns.get(user)).focus();
}

// Whoever's column one is in; else the first that is shown.
function here() {
  const column = document.activeElement?.closest(".column") ?? one(".column:not([hidden])");
  return column.dataset.user;
}

// What stands in the box goes along as the few words, unless it is a command.
async function raise(user) {
  const column = page.columns.get(user);
  const input = one(".say input", column);
  const line = input.value.trim();
  const words = line && !line.startsWith("/") ? { line } : {};
  const sent = await ask(user, { does: "hand", values: words }, one(".raise", column));
  if (sent && words.line && input.value.trim() === line) input.value = "";
}
