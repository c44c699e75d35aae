// Each person's telephone: it rings from a number of one's choice, is answered and hung up.

import { all, one } from "./dom.js";
import { send } from "./server.js";
import { languageOf, page, personOf } from "./state.js";
import { say } from "./words.js";

const NUMBER = "+371 20 000 001";
let states = {};

export function setTelephones(told) {
  states = told ?? {};
  for (const user of page.columns.keys()) drawTelephone(user);
}

export function addTelephone(user, column) {
  const form = one(".telephone", column);
  const toggle = one(".telephone-toggle", column);
  form.id = `telephone-${user}`;
  toggle.setAttribute("aria-controls", form.id);
  one("input", form).value = NUMBER;
  toggle.addEventListener("click", () => {
    form.hidden = !form.hidden;
    drawTelephone(user);
    if (!form.hidden) one("input", form).focus();
  });
  form.addEventListener("submit", (event) => { event.preventDefault(); use(user, "ring", form); });
  for (const button of all("[data-telephone]", form)) {
    if (button.type === "submit") continue;
    button.addEventListener("click", () => use(user, button.dataset.telephone, form));
  }
}

export function drawTelephone(user) {
  const column = page.columns.get(user);
  const form = one(".telephone", column);
  const toggle = one(".telephone-toggle", column);
  const language = languageOf(user);
  const state = states[user] ?? "";
  const label = say("Telephone of {name}", language, { name: personOf(user)?.first ?? "" });
  toggle.title = label;
  one(".unseen", toggle).textContent = label;
  toggle.setAttribute("aria-expanded", String(!form.hidden));
  toggle.classList.toggle("busy", Boolean(state));
  form.dataset.state = state;
  form.setAttribute("aria-label", label);
  one("input", form).setAttribute("aria-label", say("The caller's number", language));
  const words = { ring: "Let it ring", answer: "Pick up", hang_up: "Hang up" };
  for (const button of all("[data-telephone]", form)) {
    const does = button.dataset.telephone;
    button.textContent = say(words[does], language);
    button.hidden = does === "ring" ? Boolean(state) : does === "answer" ? state !== "rings" : !state;
  }
  one("input", form).disabled = Boolean(state);
  const said = { rings: "It rings", talks: "In a call" };
  one("output", form).textContent = state ? say(said[state], language) : "";
}

async function use(user, does, form) {
  const pressed = one(`[data-telephone="${does}"]`, form);
  if (pressed.getAttribute("aria-busy") === "true") return;
  pressed.setAttribute("aria-busy", "true");
  try {
    await send("/local/telephone", { person: user, does, number: one("input", form).value });
  } catch { /* the next state says how it is */ } finally {
    pressed.removeAttribute("aria-busy");
  }
}
