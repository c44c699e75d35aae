// Ready scenes: the page types and presses by itself, and says what happens.

import { beginAgain, sure } from "./again.js";
import { ask } from "./asking.js";
import { arrange, choose } from "./chooser.js";
import { all, calm, narrow, one } from "./dom.js";
import { send } from "./server.js";
import { page } from "./state.js";
import { say } from "./words.js";

const READING = 3200; // milliseconds between two steps: long enough to read what happened
const PATIENCE = 20_000;

const says = (as, text) => ({ as, text });
const presses = (as, does) => ({ as, does });
const moves = (seconds) => ({ seconds });

export const SCENES = {
  threat: {
    title: "A caller threatens",
    shown: ["anna", "janis", "liga"],
    steps: [
      ["Anna has a hard call. She raises a hand and says in a few words what it is.",
        says("anna", "/hand contracts he threatens me"), ["janis", "hand.take"]],
      ["Jānis knows contracts, so he was asked first. Half a minute on Līga, the supervisor, is asked too.",
        moves(30), ["liga", "hand.take"]],
      ["Līga comes. The others see that nobody else is needed.",
        presses("liga", "hand.take"), ["anna", "hand.solved"]],
      ["Meanwhile Anna looks up what she may do, and what to say.",
        says("anna", "/policy he shouts and threatens")],
      ["The call is over.", presses("anna", "hand.solved")],
    ],
  },
  nobody: {
    title: "Nobody is free",
    shown: ["anna", "liga", "mara"],
    steps: [
      ["Anna needs somebody, and nobody answers.", says("anna", "/hand contracts he threatens me"), ["anna", "hand.cancel"]],
      ["Half a minute: supervisors are asked, and whom she trusts.", moves(30), ["liga", "hand.take"]],
      ["A minute: everybody who may help is asked.", moves(30), ["mara", "hand.take"]],
      ["Nobody could come. Anna is told so, and what she may say; Māra, the coordinator, sees it too.",
        moves(30), ["anna", "policy"]],
      ["What may she do on her own?", presses("anna", "policy")],
    ],
  },
  vent: {
    title: "A talk after a hard call",
    shown: ["anna", "peteris", "janis"],
    steps: [
      ["Anna would like to let off steam with Pēteris, whom she trusts.",
        says("anna", "/vent @Pēteris he shouted an hour"), ["peteris", "vent.yes"]],
      ["He has time. Nobody else learns of it.", presses("peteris", "vent.yes"), ["anna", "vent.breathe"]],
      ["A minute of breathing, if they like.", presses("anna", "vent.breathe"), ["anna", "vent.done"]],
      ["They are done. What was said stays between the two.", presses("anna", "vent.done")],
    ],
  },
};

let running = 0; // the number of the scene that plays: an older one stops
let skip = () => {}; // ends the time for reading
let timer;
let paused = false;

export function drawScenes() {
  one("#scenes").replaceChildren(...Object.entries(SCENES).map(([name, { title }]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button small";
    button.dataset.scene = name;
    button.textContent = say(title);
    button.addEventListener("click", () => begin(name));
    return button;
  }));
}

// A scene begins on the team's first day: it waits while the page loads anew.
async function begin(name) {
  if (!(await sure())) return;
  sessionStorage.setItem("plecs-scene", name);
  await beginAgain();
}

export function goOn() {
  const name = sessionStorage.getItem("plecs-scene");
  sessionStorage.removeItem("plecs-scene");
  if (name in SCENES) play(name);
}

async function play(name) {
  const mine = ++running;
  const { title, shown, steps } = SCENES[name];
  show(shown);
  one("#hint").hidden = true;
  one("#scene-title").textContent = say(title);
  one("#scene").hidden = false;
  paused = false;
  for (const [number, [words, what, until]] of steps.entries()) {
    tell(number + 1, steps.length, words);
    const done = await act(what) && (await there(until));
    if (mine !== running) return;
    if (!done) { tell(0, 0, "The scene stopped here: something else happened meanwhile."); return; }
    one("#scene").dataset.done = String(number + 1);
    await read();
    if (mine !== running) return;
  }
  tell(0, 0, "That was it. Go on from here, or start again.");
  one("#scene").dataset.done = "all";
}

function show(users) {
  page.shown = new Set(users);
  arrange();
  if (narrow.matches) choose(users[0]);
}

function tell(number, of, words) {
  const scene = one("#scene");
  one("#scene-words").textContent = say(words);
  one("#scene-count").textContent = number ? `${number} / ${of}` : "";
  for (const button of all("[data-turn]", scene)) {
    button.hidden = !number && button.dataset.turn !== "stop";
    button.textContent = say({ next: "Next", pause: paused ? "Go on" : "Pause", stop: number ? "Stop" : "Close" }[
      button.dataset.turn]);
  }
}

async function act({ as, text, does, seconds }) {
  if (seconds) return send("/local/clock", { seconds }).then(() => true, () => false);
  if (narrow.matches) choose(as);
  const column = page.columns.get(as);
  if (text) return ask(as, { text: say(text) }, one(".say", column));
  const button = newest(as, does);
  if (!button) return false;
  button.scrollIntoView({ block: "nearest" });
  const message = button.closest("[data-id]").dataset.id;
  return ask(as, { does, values: JSON.parse(button.dataset.values) }, button, message);
}

// The button of the newest message that has it; its first, where there are several.
function newest(user, does) {
  const selector = `button[data-does="${does}"]`;
  const message = all(`.message:has(${selector})`, page.columns.get(user)).at(-1);
  return message && one(selector, message);
}

// Whether the button by which the scene goes on is there, in time.
function there(until) {
  if (!until || newest(...until)) return true;
  return new Promise((resolve) => {
    const end = (found) => { watch.disconnect(); clearTimeout(timer); resolve(found); };
    const watch = new MutationObserver(() => { if (newest(...until)) end(true); });
    watch.observe(one("#columns"), { childList: true, subtree: true });
    const timer = setTimeout(() => end(false), PATIENCE);
  });
}

// Time to read what happened. Who wants no motion, or made a pause, says when they are ready.
function read() {
  return new Promise((resolve) => {
    skip = () => { clearTimeout(timer); skip = () => {}; resolve(); };
    if (!paused && !calm.matches) timer = setTimeout(skip, READING);
  });
}

one("#scene").addEventListener("click", (event) => {
  const turn = event.target.closest("[data-turn]")?.dataset.turn;
  if (turn === "next") skip();
  if (turn === "pause") {
    paused = !paused;
    event.target.textContent = say(paused ? "Go on" : "Pause");
    if (paused) clearTimeout(timer);
    else skip();
  }
  if (turn === "stop") {
    running += 1;
    one("#scene").hidden = true;
    skip();
  }
});
