// The language of the page itself.

import { drawChooser } from "./chooser.js";
import { tick } from "./clock.js";
import { all, one, remember } from "./dom.js";
import { drawSteps } from "./hint.js";
import { drawScenes } from "./scenes.js";
import { page } from "./state.js";
import { LANGUAGES, say, switchButton } from "./words.js";

export function speak() {
  document.documentElement.lang = page.language;
  for (const element of all("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of all("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
  }
  drawSteps();
  drawScenes();
  one("#page-language").replaceChildren(...LANGUAGES.map((language) =>
    switchButton(language, language === page.language, () => {
      page.language = language;
      remember("language", language);
      speak();
      one(`#page-language [data-language="${language}"]`).focus();
    })));
  one("#confirm-title").textContent = say("Are you sure?");
  drawChooser();
  tick();
}
