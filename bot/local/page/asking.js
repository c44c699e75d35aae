// What somebody asks of Plecs.

import { openForm } from "./dialogs.js";
import { one } from "./dom.js";
import { newDelivery, send } from "./server.js";
import { languageOf, page } from "./state.js";
import { say } from "./words.js";

// `source` is what was pressed: it is busy meanwhile. Returns whether it was sent.
export async function ask(user, what, source, message = "") {
  if (source.getAttribute("aria-busy") === "true") return false;
  source.setAttribute("aria-busy", "true");
  source.dataset.delivery ||= newDelivery();
  try {
    const reply = await send("/local/ask", {
      person: user, delivery: source.dataset.delivery, message, ...what,
    });
    delete source.dataset.delivery;
    trouble(user, "");
    if (reply.form) openForm(user, reply.form, message);
    else if (source.closest("#form")) one("#form").close();
    return true;
  } catch (error) {
    if (error.answered) delete source.dataset.delivery;
    trouble(user, error.answered
      ? "That did not work. Please try again."
      : "Not sent: no connection. Press again to retry.");
    return false;
  } finally {
    source.removeAttribute("aria-busy");
  }
}

function trouble(user, word) {
  const text = word && say(word, languageOf(user));
  one(".trouble", page.columns.get(user)).textContent = text;
  const inForm = one("#form[open] .form-trouble");
  if (inForm) inForm.textContent = text;
}
