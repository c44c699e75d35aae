// The local workspace's page: shows what the server sends, and sends what people do.
// All HTML of cards and forms is made, and escaped, by the server (cards.py).

import { setClock, setNext, tick } from "./clock.js";
import { setPeople } from "./columns.js";
import { connection } from "./connection.js";
import { all, one, remembered } from "./dom.js";
import { fold } from "./folding.js";
import { speak } from "./language.js";
import { listen } from "./live.js";
import { show } from "./messages.js";
import { goOn } from "./scenes.js";
import { reveal } from "./scrolling.js";
import { page } from "./state.js";
import { setTelephones } from "./telephone.js";

import "./buttons.js";
import "./forms.js";
import "./keys.js";

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
  setNext(state.next);
  setPeople(state.people);
  setTelephones(state.telephones);
  for (const message of state.messages) show(message, false);
  for (const column of page.columns.values()) {
    fold(column);
    const last = all(".message", column).at(-1);
    if (last) reveal(last, false);
  }
  speak();
  if (!remembered("hint-seen")) one("#hint").hidden = false;
  listen();
  setInterval(tick, 1000);
  document.body.dataset.ready = "true";
  goOn();
}
