// The box in which one types.

import { ask } from "./asking.js";
import { all, one } from "./dom.js";
import { personOf } from "./state.js";

// A combobox: what is typed after / is completed from the person's commands.
export function compose(user, column) {
  const input = one(".say input", column);
  const list = one(".commands", column);
  const form = one(".say", column);
  list.id = `commands-${user}`;
  input.setAttribute("aria-controls", list.id);
  let options = [];
  let active = -1;

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const activate = (index) => {
    active = (index + options.length) % options.length;
    all("[role=option]", list).forEach((option, position) => {
      option.setAttribute("aria-selected", String(position === active));
      if (position === active) {
        input.setAttribute("aria-activedescendant", option.id);
        option.scrollIntoView({ block: "nearest" });
      }
    });
  };
  const complete = (index) => {
    input.value = `/${options[index].word} `;
    close();
    input.focus();
  };
  const offer = () => {
    const typed = input.value.match(/^\/(\S*)$/);
    const wanted = typed && plain(typed[1]);
    options = typed
      ? (personOf(user)?.commands ?? []).filter(({ word }) => plain(word).startsWith(wanted))
      : [];
    if (!options.length) { close(); return; }
    list.replaceChildren(...options.map((command, index) => {
      const option = document.createElement("li");
      option.id = `${list.id}-${index}`;
      option.setAttribute("role", "option");
      const word = document.createElement("b");
      word.textContent = `/${command.word}`;
      const usage = document.createElement("i");
      usage.textContent = command.usage;
      const help = document.createElement("span");
      help.textContent = command.help;
      option.append(word, " ", usage, " ", help);
      option.addEventListener("mousedown", (event) => { event.preventDefault(); complete(index); });
      return option;
    }));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    activate(0);
  };

  input.addEventListener("input", () => { delete form.dataset.delivery; offer(); });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const open = !list.hidden;
    if (open && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      activate(active + (event.key === "ArrowDown" ? 1 : -1));
    } else if (open && event.key === "Escape") {
      event.preventDefault();
      close();
    } else if (open && event.key === "Tab" && !event.shiftKey) {
      event.preventDefault();
      complete(active);
    } else if (open && event.key === "Enter" && input.value !== `/${options[active].word}`) {
      event.preventDefault();
      complete(active);
    }
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    close();
    const text = input.value.trim();
    if (!text) return;
    if (await ask(user, { text }, form) && input.value.trim() === text) input.value = "";
  });
}

const plain = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "");
