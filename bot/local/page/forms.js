// The form that is open: checked here first, and by the server.

import { ask } from "./asking.js";
import { all, one } from "./dom.js";
import { languageOf } from "./state.js";
import { say } from "./words.js";

const formDialog = one("#form");
formDialog.addEventListener("input", (event) => {
  const field = event.target.closest(".field");
  const counter = field && one(".counter", field);
  if (!counter) return;
  const { value, maxLength } = event.target;
  counter.textContent = `${value.length} / ${maxLength}`;
  // What is typed or pasted beyond it is cut: that is seen.
  counter.classList.toggle("full", value.length >= maxLength);
});
formDialog.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const wrong = all(".field", form).filter((field) => !check(field, dialogLanguage()));
  if (wrong.length) { one("input, textarea, select", wrong[0]).focus(); return; }
  const values = JSON.parse(form.dataset.values);
  for (const field of all(".field", form)) {
    const name = field.dataset.field;
    const given = new FormData(form).getAll(name);
    values[name] = field.dataset.most ? given : (given[0] ?? "");
  }
  await ask(formDialog.dataset.user, { does: form.dataset.does, values },
    one("[type=submit]", form), formDialog.dataset.message);
});

const dialogLanguage = () => languageOf(formDialog.dataset.user);

function check(field, language) {
  const control = one("input, textarea, select", field);
  const boxes = all("input[type=checkbox], input[type=radio]", field);
  let error = "";
  if (boxes.length) {
    const picked = boxes.filter((box) => box.checked).length;
    const most = Number(field.dataset.most ?? 1);
    if ("required" in field.dataset && picked === 0) error = say("Please choose.", language);
    if (picked > most) error = say("Please choose at most {n}.", language, { n: most });
  } else if (control.type === "number") {
    const { validity, min, max } = control;
    if (validity.badInput || validity.rangeOverflow || validity.rangeUnderflow || validity.stepMismatch
      || validity.valueMissing) {
      error = say("A whole number from {least} to {most}.", language, { least: min, most: max });
    }
  } else if (control.validity.badInput || (control.required && !control.value.trim())) {
    error = say(control.tagName === "SELECT" ? "Please choose." : "Please fill this in.", language);
  }
  one(".field-error", field).textContent = error;
  const marked = boxes.length ? field : control;
  if (error) marked.setAttribute("aria-invalid", "true");
  else marked.removeAttribute("aria-invalid");
  return !error;
}
