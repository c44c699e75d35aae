// What to try first.

import { choose } from "./chooser.js";
import { narrow, one, remember } from "./dom.js";
import { page } from "./state.js";
import { say } from "./words.js";

export function drawSteps() {
  const code = (text) => Object.assign(document.createElement("code"), { textContent: text });
  const step = (message, example) => {
    const item = document.createElement("li");
    const [before, after = ""] = say(message).split("{command}");
    item.append(before, ...(example ? [code(say(example)), after] : []));
    return item;
  };
  one("#hint-steps").replaceChildren(
    step("Anna has a hard call. In her column, type {command} and press Enter.",
      "/hand contracts he threatens me"),
    step("Nobody comes? Move the clock by 30 seconds and see who is asked next."),
    step("As Līga, press the button that says you are coming, and watch everybody's cards change."),
    step("Then try {command}: what Anna may do when somebody goes too far.",
      "/policy he shouts and threatens"),
  );
}

one("#hint-close").addEventListener("click", () => {
  one("#hint").hidden = true;
  remember("hint-seen", true);
  one("#show-hint").focus();
});
one("#show-hint").addEventListener("click", () => {
  one("#hint").hidden = false;
  one("#hint-fill").focus();
});
one("#hint-fill").addEventListener("click", () => {
  const user = "anna";
  if (!page.shown.has(user)) choose(user);
  if (narrow.matches) choose(user);
  const input = one(".say input", page.columns.get(user));
  input.value = say("/hand contracts he threatens me");
  input.focus();
});
