// The windows over the page: a form, and the question whether one is sure.

import { one } from "./dom.js";
import { languageOf } from "./state.js";
import { say } from "./words.js";

export function openForm(user, html, message) {
  const dialog = one("#form");
  dialog.dataset.user = user;
  dialog.dataset.message = message;
  dialog.lang = languageOf(user);
  dialog.innerHTML = html;
  const note = document.createElement("p");
  note.className = "form-trouble";
  note.setAttribute("role", "alert");
  one(".form-foot", dialog).before(note);
  if (!dialog.open) dialog.showModal();
  (one("[aria-invalid=true] input, [aria-invalid=true]", dialog)
    ?? one("input, textarea, select", dialog))?.focus();
}

export function confirmed(button, user) {
  const dialog = one("#confirm");
  const language = languageOf(user);
  dialog.lang = language;
  one("#confirm-title").textContent = say("Are you sure?", language);
  one("#confirm-line").textContent = button.dataset.confirm;
  one("[data-close]", dialog).textContent = say("Cancel", language);
  one("#confirm-yes").textContent = say("Yes, go on", language);
  one("#confirm-yes").classList.toggle("danger", button.classList.contains("danger"));
  one("#confirm-yes").classList.toggle("primary", !button.classList.contains("danger"));
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

one("#confirm-yes").addEventListener("click", () => one("#confirm").close("yes"));
