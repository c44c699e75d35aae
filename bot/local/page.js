// The local workspace's page: shows what the server sends, and sends what people do.
// All HTML of cards and forms is made, and escaped, by the server (render.py).
"use strict";

const ZONE = "Europe/Riga";
const LANGUAGES = ["lv", "en"];
const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const narrow = matchMedia("(max-width: 700px)");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const page = {
  words: {},
  people: [],
  shown: new Set(),
  messages: new Map(),
  columns: new Map(),
  unseen: new Map(),
  ahead: 0, // milliseconds by which the workspace's clock is ahead of this computer's
  version: 0,
  language: "en",
};

start();

async function start() {
  page.language = remembered("language") ?? (navigator.language.startsWith("lv") ? "lv" : "en");
  for (;;) {
    try {
      const answer = await fetch("/local/state");
      if (answer.ok) { begin(await answer.json()); return; }
    } catch { /* the server is not there yet */ }
    connection("Reconnecting…");
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

function begin(state) {
  page.words = state.words;
  page.version = state.version;
  page.shown = new Set(remembered("shown") ?? state.shown);
  setClock(state.clock);
  setPeople(state.people);
  for (const message of state.messages) show(message, false);
  for (const column of page.columns.values()) {
    const last = all(".message", column).at(-1);
    if (last) reveal(last, false);
  }
  for (const button of all("[data-move]")) button.addEventListener("click", () => move(button));
  speak();
  if (!remembered("hint-seen")) one("#hint").hidden = false;
  listen();
  setInterval(tick, 1000);
  document.body.dataset.ready = "true";
}

// --- words -------------------------------------------------------------------------------------

function say(message, language = page.language, values = {}) {
  const text = page.words[language]?.[message] ?? message;
  return text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

function speak() {
  document.documentElement.lang = page.language;
  for (const element of all("[data-word]")) element.textContent = say(element.dataset.word);
  for (const element of all("[data-label]")) {
    element.setAttribute("aria-label", say(element.dataset.label));
  }
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

function switchButton(language, pressed, onPress) {
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

// --- people and their columns --------------------------------------------------------------------

function setPeople(people) {
  page.people = people;
  for (const person of people) {
    if (!page.columns.has(person.user)) addColumn(person.user);
    drawPerson(person);
  }
  drawChooser();
}

const personOf = (user) => page.people.find((person) => person.user === user);
const languageOf = (user) => (personOf(user)?.locale === "lv" ? "lv" : "en");
const initials = (person) => person.name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("");
const tint = (person) => `tint-${page.people.indexOf(person) % 6}`;

function addColumn(user) {
  const column = one("#column").content.firstElementChild.cloneNode(true);
  column.dataset.user = user;
  column.id = `column-${user}`;
  page.columns.set(user, column);
  one("#columns").append(column);
  one(".log", column).addEventListener("scroll", () => { if (nearBottom(user)) seen(user); });
  one(".below", column).addEventListener("click", () => { toBottom(user); seen(user); });
  compose(user, column);
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
      one("input", column).value = `/${word} `;
      one("input", column).focus();
    });
    return button;
  }));
  const input = one("input", column);
  input.placeholder = say("Type / for commands", language);
  input.setAttribute("aria-label", say("Message as {name}", language, { name: person.first }));
  one(".commands", column).setAttribute("aria-label", say("Commands", language));
  one(".say .unseen", column).textContent = say("Send", language);
  const choose = one(".switch", column);
  choose.setAttribute("aria-label", say("Language of {name}", language, { name: person.first }));
  const focused = choose.contains(document.activeElement);
  choose.replaceChildren(...LANGUAGES.map((code) => switchButton(code, code === language, () => {
    if (code !== languageOf(person.user)) {
      ask(person.user, { text: `language ${code}`, shown: false }, one(".switch", column));
    }
  })));
  if (focused) one('[aria-pressed="true"]', choose).focus();
  for (const item of all(".message", column)) drawMarks(item, person.user);
}

function drawChooser() {
  const drawn = all("[data-chip]").map((chip) => chip.dataset.chip).join();
  // Drawing again would take the focus from a chip.
  if (drawn === page.people.map((person) => person.user).join()) { arrange(); return; }
  one("#people").replaceChildren(...page.people.map((person) => {
    const chip = document.createElement("button");
    chip.type = "button";
    chip.className = "chip";
    chip.dataset.chip = person.user;
    const avatar = document.createElement("span");
    avatar.className = `avatar ${tint(person)}`;
    avatar.textContent = initials(person);
    avatar.setAttribute("aria-hidden", "true");
    const count = document.createElement("span");
    count.className = "count";
    chip.append(avatar, person.first, count);
    chip.addEventListener("click", () => choose(person.user));
    return chip;
  }));
  arrange();
}

function choose(user) {
  if (narrow.matches) {
    page.shown.add(user);
    arrange();
    page.columns.get(user).scrollIntoView({ behavior: pace(), inline: "start", block: "nearest" });
    return;
  }
  if (!page.shown.delete(user)) page.shown.add(user);
  if (page.shown.size === 0) page.shown.add(user);
  remember("shown", [...page.shown]);
  arrange();
  if (page.shown.has(user)) { toBottom(user); seen(user); }
}

// On a wide screen the chips choose whose columns stand side by side; on a phone everybody's
// column is there and the chips go to it.
function arrange() {
  for (const [user, column] of page.columns) {
    column.hidden = !narrow.matches && !page.shown.has(user);
    const chip = one(`[data-chip="${user}"]`);
    if (!chip) continue;
    if (narrow.matches) {
      chip.removeAttribute("aria-pressed");
    } else {
      chip.removeAttribute("aria-current");
      chip.setAttribute("aria-pressed", String(page.shown.has(user)));
    }
    drawCount(user);
  }
}
narrow.addEventListener("change", arrange);

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

// --- messages ------------------------------------------------------------------------------------

function show(message, live = true) {
  page.version = Math.max(page.version, message.version);
  const before = page.messages.get(message.id);
  if (before && before.version >= message.version) return;
  page.messages.set(message.id, message);
  for (const user of message.readers) {
    const column = page.columns.get(user);
    if (column) showIn(column, user, message, live, Boolean(before));
  }
}

function showIn(column, user, message, live, known) {
  const id = `message-${user}-${message.id}`;
  const stays = nearBottom(user);
  let item = document.getElementById(id);
  if (!item) {
    item = one("#message").content.firstElementChild.cloneNode(true);
    item.id = id;
    item.dataset.id = message.id;
    item.dataset.place = message.place;
    item.classList.add(message.kind);
    const next = all(".message", column).find((other) => +other.dataset.place > message.place);
    one(".messages", column).insertBefore(item, next ?? null);
  }
  const focused = item.contains(document.activeElement);
  one(".content", item).innerHTML = message.html;
  item.dataset.changed = String(known || item.dataset.changed === "true");
  drawMarks(item, user);
  if (focused) item.focus({ preventScroll: true });
  if (!live) return;
  item.classList.remove("fresh");
  void item.offsetWidth; // lets the same message light up a second time
  item.classList.add("fresh");
  announce(user, message);
  const visible = !column.hidden && column.dataset.visible === "true";
  if (known ? message.kind === "private" : stays || message.kind === "said") reveal(item, known);
  if (message.kind !== "said" && !(visible && stays)) {
    page.unseen.set(user, (page.unseen.get(user) ?? 0) + 1);
    drawCount(user);
  }
}

function drawMarks(item, user) {
  const message = page.messages.get(item.dataset.id);
  const language = languageOf(user);
  const mark = one(".mark", item);
  mark.replaceChildren();
  if (message.kind === "said") {
    mark.textContent = say("You", language);
  } else if (message.kind === "private") {
    mark.append(icon("private"), say("Only you can see this", language));
  } else if (message.readers.length > 1) {
    const others = message.readers.filter((reader) => reader !== user);
    const names = others.map((other) => personOf(other)?.first ?? other).join(", ");
    item.classList.add("shared");
    mark.append(icon("shared"), say("With {names}", language, { names }));
  } else {
    mark.textContent = "Plecs";
  }
  one(".changed", item).textContent =
    item.dataset.changed === "true" && message.kind === "sent" ? say("changed", language) : "";
  const time = one("time", item);
  time.dateTime = message.at;
  time.textContent = clockFormat(language, { hour: "2-digit", minute: "2-digit" })
    .format(new Date(message.at));
}

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

const pace = () => (calm.matches ? "auto" : "smooth");

function nearBottom(user) {
  const log = one(".log", page.columns.get(user));
  return log.scrollHeight - log.scrollTop - log.clientHeight < 60;
}

// Scrolls to the end, but never past the beginning of the message: a card is read from its top.
// One that was changed stays where it is while its beginning is in sight.
function reveal(item, changed) {
  const log = item.closest(".log");
  const top = item.getBoundingClientRect().top - log.getBoundingClientRect().top + log.scrollTop - 12;
  if (changed && top >= log.scrollTop) return;
  log.scrollTop = Math.min(top, log.scrollHeight);
}

function toBottom(user) {
  const log = one(".log", page.columns.get(user));
  log.scrollTop = log.scrollHeight;
}

function seen(user) {
  page.unseen.delete(user);
  drawCount(user);
}

function drawCount(user) {
  const n = page.unseen.get(user) ?? 0;
  const count = one(`[data-chip="${user}"] .count`);
  if (count) {
    count.textContent = n ? String(n) : "";
    count.title = n ? say("{n} new", page.language, { n }) : "";
  }
  const below = one(".below", page.columns.get(user));
  below.hidden = n === 0 || nearBottom(user);
  below.textContent = `↓ ${say("New below", languageOf(user))}`;
}

function announce(user, message) {
  if (message.kind === "said") return;
  const line = document.createElement("p");
  line.lang = languageOf(user);
  line.textContent = `${personOf(user)?.first}: ${message.summary}`;
  const region = one("#announcements");
  region.append(line);
  while (region.children.length > 5) region.firstChild.remove();
}

// --- asking --------------------------------------------------------------------------------------

// What is asked has a number of its own, and keeps it when it is sent again after a failure: the
// server answers the same number once.
const newDelivery = () => crypto.randomUUID();

async function send(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  const reply = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(reply.error ?? ""), { answered: true });
  return reply;
}

// `source` is what was pressed: it is busy meanwhile. Returns whether it was sent.
async function ask(user, what, source, message = "") {
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

document.addEventListener("click", async (event) => {
  const close = event.target.closest("[data-close]");
  if (close) close.closest("dialog").close();
  const button = event.target.closest("button[data-does]");
  if (!button) return;
  const holder = button.closest("[data-user]");
  if (button.dataset.confirm && !(await confirmed(button, holder.dataset.user))) return;
  const message = button.closest("[data-id]")?.dataset.id ?? holder.dataset.message ?? "";
  const what = { does: button.dataset.does, values: JSON.parse(button.dataset.values) };
  await ask(holder.dataset.user, what, button, message);
});

function confirmed(button, user) {
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

async function move(button) {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  try {
    await send("/local/clock", { seconds: Number(button.dataset.move) });
  } catch {
    connection("That did not work. Please try again.");
  } finally {
    button.removeAttribute("aria-busy");
  }
}

// --- forms ---------------------------------------------------------------------------------------

function openForm(user, html, message) {
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

const formDialog = one("#form");
formDialog.addEventListener("input", (event) => {
  const field = event.target.closest(".field");
  const counter = field && one(".counter", field);
  if (counter) counter.textContent = `${event.target.value.length} / ${event.target.maxLength}`;
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

// --- the box -------------------------------------------------------------------------------------

// A combobox: what is typed after / is completed from the person's commands.
function compose(user, column) {
  const input = one("input", column);
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

// --- the clock -----------------------------------------------------------------------------------

function setClock(seconds) {
  page.ahead = seconds * 1000;
  tick();
}

const formats = new Map();
function clockFormat(language, options) {
  const key = language + JSON.stringify(options);
  if (!formats.has(key)) {
    const locale = language === "lv" ? "lv-LV" : "en-GB";
    formats.set(key, new Intl.DateTimeFormat(locale, { timeZone: ZONE, ...options }));
  }
  return formats.get(key);
}

function tick() {
  const now = new Date(Date.now() + page.ahead);
  const time = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
  one("#time").textContent = clockFormat(page.language, time).format(now);
  one("#time").dateTime = now.toISOString();
  const date = { weekday: "short", day: "numeric", month: "short" };
  one("#date").textContent = clockFormat(page.language, date).format(now);
}

// --- live ----------------------------------------------------------------------------------------

// The browser comes back by itself after a break and says which event it had last.
function listen() {
  const events = new EventSource(`/local/events?after=${page.version}`);
  let lost = false;
  events.addEventListener("open", () => {
    connection(lost ? "Connected again" : "", 2500);
    lost = false;
  });
  events.addEventListener("error", () => {
    lost = true;
    connection("Reconnecting…");
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  });
  events.addEventListener("message", (event) => show(JSON.parse(event.data)));
  events.addEventListener("people", (event) => setPeople(JSON.parse(event.data)));
  events.addEventListener("clock", (event) => setClock(JSON.parse(event.data)));
}

let connectionTimer;
function connection(word, forMilliseconds = 0) {
  clearTimeout(connectionTimer);
  one("#connection").textContent = word && say(word);
  if (forMilliseconds) connectionTimer = setTimeout(() => connection(""), forMilliseconds);
}

// --- the hint ------------------------------------------------------------------------------------

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
  const input = one("input", page.columns.get(user));
  input.value = say("/hand contracts he threatens me");
  input.focus();
});

function remember(name, value) {
  try { localStorage.setItem(`plecs-${name}`, JSON.stringify(value)); } catch { /* private mode */ }
}

function remembered(name) {
  try { return JSON.parse(localStorage.getItem(`plecs-${name}`)); } catch { return null; }
}
