// One person's page in Teams: what it shows are cards, and what it asks it asks in their name.

const main = document.querySelector("main");
const nav = document.querySelector("nav");
const KEPT = "plecs.session";

async function post(path, body) {
  const headers = { "Content-Type": "application/json" };
  if (localStorage[KEPT]) headers.Authorization = `Bearer ${localStorage[KEPT]}`;
  return fetch(`/teams/tab/${path}`, { method: "POST", headers, body: JSON.stringify(body) });
}

async function ask(does, values, from) {
  from?.setAttribute("aria-busy", "true");
  try {
    const answer = await post("ask", { does, values, delivery: crypto.randomUUID() });
    if (answer.status === 401) { signedOut(); return; }
    const said = await answer.json();
    if (said.language) document.documentElement.lang = said.language;
    if (said.said) trouble(said.said);
    else if (said.form || said.card) main.innerHTML = said.form || said.card;
    else await ask("home", {});
  } catch {
    trouble("Tas neizdevās. Lūdzu, mēģiniet vēlreiz. · That did not work. Please try again.");
  } finally {
    from?.removeAttribute("aria-busy");
  }
}

function trouble(words) {
  main.querySelector(".trouble")?.remove();
  const line = document.createElement("p");
  line.className = "trouble";
  line.setAttribute("role", "alert");
  line.textContent = words;
  main.prepend(line);
}

// Asked below the button: a page inside another may open no window.
function confirmed(button, act) {
  const question = document.createElement("div");
  question.setAttribute("role", "group");
  question.className = "buttons question";
  const latvian = document.documentElement.lang === "lv";
  const words = document.createElement("p");
  words.textContent = button.dataset.confirm;
  const answers = [[latvian ? "Jā" : "Yes", act], [latvian ? "Nē" : "No", () => button.focus()]];
  question.append(words, ...answers.map(([label, then]) => {
    const answer = document.createElement("button");
    answer.className = "button";
    answer.textContent = label;
    answer.addEventListener("click", () => { question.remove(); then(); });
    return answer;
  }));
  main.querySelector(".question")?.remove();
  (button.closest(".buttons, .row") ?? button).after(question);
  question.querySelector("button").focus();
}

function signedOut() {
  delete localStorage[KEPT];
  main.replaceChildren();
  nav.hidden = true;
  document.querySelector("#signed-out").hidden = false;
}

function open(page) {
  for (const one of nav.children) one.toggleAttribute("aria-current", false);
  nav.querySelector(`[data-page="${page}"]`)?.setAttribute("aria-current", "page");
  return ask(page, {});
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button || button.getAttribute("aria-busy") === "true") return;
  if (button.dataset.page) open(button.dataset.page);
  else if ("close" in button.dataset) open("home");
  else if (button.dataset.does) {
    const act = () => ask(button.dataset.does, JSON.parse(button.dataset.values), button);
    if (button.dataset.confirm) confirmed(button, act); else act();
  }
});

document.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  const values = JSON.parse(form.dataset.values);
  for (const field of form.querySelectorAll(".field")) {
    const given = new FormData(form).getAll(field.dataset.field);
    values[field.dataset.field] = field.dataset.most ? given : (given[0] ?? "");
  }
  ask(form.dataset.does, values, form.querySelector("[type=submit]"));
});

async function begin() {
  const token = new URLSearchParams(location.search).get("in");
  if (token) {
    history.replaceState(null, "", location.pathname);
    const answer = await post("in", { token });
    if (answer.ok) localStorage[KEPT] = (await answer.json()).session;
  }
  if (!localStorage[KEPT]) { signedOut(); return; }
  nav.hidden = false;
  await open("home");
}

begin();
