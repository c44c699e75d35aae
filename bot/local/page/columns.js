// Each person's column.

import { ask } from "./asking.js";
import { drawChooser } from "./chooser.js";
import { compose } from "./composer.js";
import { all, narrow, one } from "./dom.js";
import { drawMarks } from "./messages.js";
import { nearBottom, seen, toBottom } from "./scrolling.js";
import { initials, languageOf, page, tint } from "./state.js";
import { addTelephone, drawTelephone } from "./telephone.js";
import { LANGUAGES, say, switchButton } from "./words.js";

const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const user = entry.target.dataset.user;
    entry.target.dataset.visible = String(entry.isIntersecting);
    const chip = one(`[data-chip="${user}"]`);
    if (narrow.matches && chip) {
      if (entry.isIntersecting) {
        chip.setAttribute("aria-current", "true");
        chip.scrollIntoView({ inline: "nearest", block: "nearest" });
      } else chip.removeAttribute("aria-current");
    }
    if (entry.isIntersecting && nearBottom(user)) seen(user);
  }
}, { threshold: 0.6 });

export function setPeople(people) {
  // Other people under the same names: the team began again, and so does the page.
  if (page.people.length && page.people[0].id !== people[0].id) { location.reload(); return; }
  page.people = people;
  for (const person of people) {
    if (!page.columns.has(person.user)) addColumn(person.user);
    drawPerson(person);
  }
  drawChooser();
}

function addColumn(user) {
  const column = one("#column").content.firstElementChild.cloneNode(true);
  column.dataset.user = user;
  column.id = `column-${user}`;
  page.columns.set(user, column);
  one("#columns").append(column);
  one(".log", column).addEventListener("scroll", () => { if (nearBottom(user)) seen(user); });
  one(".below", column).addEventListener("click", () => { toBottom(user); seen(user); });
  compose(user, column);
  addTelephone(user, column);
  watcher.observe(column);
}

function drawPerson(person) {
  const column = page.columns.get(person.user);
  const language = languageOf(person.user);
  column.lang = language;
  column.setAttribute("aria-label", person.name);
  const avatar = one(".avatar", column);
  avatar.textContent = initials(person);
  avatar.className = `avatar ${tint(person)}`;
  one("h2", column).textContent = person.name;
  const about = [...person.roles, ...person.topics].join(" · ");
  one(".who p", column).textContent = about;
  one(".who p", column).title = about;
  one(".home .unseen", column).textContent = say("Start page", language);
  one(".home", column).title = say("Start page", language);
  one(".log", column).setAttribute(
    "aria-label", say("Conversation of {name}", language, { name: person.first }));
  one(".empty p", column).textContent = say(
    "Nothing here yet. Type / to see what {name} can ask.", language, { name: person.first });
  one(".empty .buttons", column).replaceChildren(...person.commands.slice(0, 3).map(({ word, help }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.textContent = `/${word}`;
    button.title = help;
    button.addEventListener("click", () => {
      one(".say input", column).value = `/${word} `;
      one(".say input", column).focus();
    });
    return button;
  }));
  const input = one(".say input", column);
  input.placeholder = say("Write, or type /", language);
  input.setAttribute("aria-label", say("Message as {name}", language, { name: person.first }));
  one(".commands", column).setAttribute("aria-label", say("Commands", language));
  one(".say [type=submit] .unseen", column).textContent = say("Send", language);
  const raise = one(".raise", column);
  one("span", raise).textContent = say("Hand", language);
  raise.setAttribute("aria-label", say("Hand: ask a colleague to come", language));
  raise.title = `${say("Hand: ask a colleague to come", language)} (Alt+R)`;
  const choose = one(".switch", column);
  choose.setAttribute("aria-label", say("Language of {name}", language, { name: person.first }));
  const focused = choose.contains(document.activeElement);
  choose.replaceChildren(...LANGUAGES.map((code) => switchButton(code, code === language, () => {
    if (code !== languageOf(person.user)) {
      ask(person.user, { text: `language ${code}`, shown: false }, one(".switch", column));
    }
  })));
  if (focused) one('[aria-pressed="true"]', choose).focus();
  drawTelephone(person.user);
  for (const item of all(".message", column)) drawMarks(item, person.user);
}
