// What is new, as the server tells it.

import { setClock, setNext } from "./clock.js";
import { setPeople } from "./columns.js";
import { connection } from "./connection.js";
import { show } from "./messages.js";
import { page } from "./state.js";
import { setTelephones } from "./telephone.js";

// The browser comes back by itself after a break and says which event it had last.
export function listen() {
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
  events.addEventListener("next", (event) => setNext(JSON.parse(event.data)));
  events.addEventListener("telephones", (event) => setTelephones(JSON.parse(event.data)));
  events.addEventListener("clock", (event) => setClock(JSON.parse(event.data)));
}
