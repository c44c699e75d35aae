// Whether the server is there, in one line at the foot of the page.

import { one } from "./dom.js";
import { say } from "./words.js";

let connectionTimer;

export function connection(word, forMilliseconds = 0) {
  clearTimeout(connectionTimer);
  one("#connection").textContent = word && say(word);
  if (forMilliseconds) connectionTimer = setTimeout(() => connection(""), forMilliseconds);
}
