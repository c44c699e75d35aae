// Messages in their readers' columns.

import { clockFormat } from "./clock.js";
import { all, icon, one } from "./dom.js";
import { fold } from "./folding.js";
import { tint, toneOf } from "./news.js";
import { drawCount, nearBottom, reveal } from "./scrolling.js";
import { languageOf, page, personOf } from "./state.js";
import { tellDays } from "./times.js";
import { say } from "./words.js";

export function show(message, live = true) {
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
  item.dataset.changed = String(message.version > message.place);
  tellDays(item, languageOf(user));
  drawMarks(item, user);
  if (focused) item.focus({ preventScroll: true });
  if (!live) return;
  fold(column);
  item.classList.remove("fresh");
  void item.offsetWidth; // lets the same message light up a second time
  item.classList.add("fresh");
  announce(user, message);
  const visible = !column.hidden && column.dataset.visible === "true";
  const tone = message.kind === "said" ? "" : toneOf(item);
  if (tone || column.dataset.news) tint(user, tone);
  // What is private answers what was just asked, by a button too: it is shown wherever one reads.
  const matters = tone || message.kind === "private" || (!known && (stays || message.kind === "said"));
  if (matters) reveal(item, known);
  if (message.kind !== "said" && !(visible && (stays || matters))) {
    page.unseen.set(user, (page.unseen.get(user) ?? 0) + 1);
    drawCount(user);
  }
}

export function drawMarks(item, user) {
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
  for (const time of all(".meta time, .fold time", item)) {
    time.dateTime = message.at;
    time.textContent = clockFormat(language, { hour: "2-digit", minute: "2-digit" })
      .format(new Date(message.at));
  }
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
