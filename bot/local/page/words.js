// What the page says, in each reader's language; the words come from the server.

import { page } from "./state.js";

export const LANGUAGES = ["lv", "en"];

export function say(message, language = page.language, values = {}) {
  const text = page.words[language]?.[message] ?? message;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function switchButton(language, pressed, onPress) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = language.toUpperCase();
  button.lang = language;
  button.title = { lv: "Latviešu", en: "English" }[language];
  button.dataset.language = language;
  button.setAttribute("aria-pressed", String(pressed));
  button.addEventListener("click", onPress);
  return button;
}
