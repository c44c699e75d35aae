// The windows over the page: a form, and the question whether one is sure.

import { one } from "./dom.js";
import { languageOf, page } from "./state.js";
import { say } from "./words.js";

export function openForm(user, html, message) {
  const dialog = one("#form");
  dialog.dataset.user = user;
  dialog.dataset.message = message;
  dialog.dataset.typed = "";
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

// Whether somebody is sure that the button they pressed is meant.
export function confirmed(button, user) {
  const language = languageOf(user);
  return asked({
    title: say("Are you sure?", language),
    line: button.dataset.confirm,
    yes: say("Yes, go on", language),
    no: say("Cancel", language),
    isDanger: button.classList.contains("danger"),
    language,
  });
}

export function asked({ title, line, yes, no, isDanger, language = page.language }) {
  const dialog = one("#confirm");
  dialog.lang = language;
  one("#confirm-title").textContent = title;
  one("#confirm-line").textContent = line;
  one("[data-close]", dialog).textContent = no;
  one("#confirm-yes").textContent = yes;
  one("#confirm-yes").classList.toggle("danger", isDanger);
  one("#confirm-yes").classList.toggle("primary", !isDanger);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}

one("#confirm-yes").addEventListener("click", () => one("#confirm").close("yes"));

// What was typed into a form is thrown away only by somebody who says so.
async function leave() {
  const dialog = one("#form");
  const language = languageOf(dialog.dataset.user);
  const may = !dialog.dataset.typed || await asked({
    title: say("Throw away what you typed?", language),
    line: say("It was not sent, and is not kept.", language),
    yes: say("Throw away", language),
    no: say("Go on typing", language),
    isDanger: true,
    language,
  });
  if (may) dialog.close();
}

one("#form").addEventListener("input", () => { one("#form").dataset.typed = "true"; });
one("#form").addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || event.isComposing) return;
  event.preventDefault();
  leave();
});
one("#form").addEventListener("cancel", (event) => { event.preventDefault(); leave(); });
document.addEventListener("click", (event) => {
  const close = event.target.closest("[data-close]");
  if (!close) return;
  if (close.closest("#form")) leave();
  else close.closest("dialog").close();
});
