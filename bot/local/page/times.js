// When something is or was, as one says it: "today 10:44", not a date with its year.

import { clockFormat, now } from "./clock.js";
import { all } from "./dom.js";
import { say } from "./words.js";

const DAY = 86_400_000;

// Latvian declines a day by the word before it; of short months only these two are whole words.
const GENITIVE = { marts: "marta", maijs: "maija", vakar: "vakardienas", šodien: "šodienas", rīt: "rītdienas" };
const DECLINED = {
  līdz: { marts: "martam", maijs: "maijam", vakar: "vakardienai", šodien: "šodienai", rīt: "rītam" },
  uz: { marts: "martu", maijs: "maiju", vakar: "vakardienu", šodien: "šodienu", rīt: "rītdienu" },
  kopš: GENITIVE,
  no: GENITIVE,
};

// Writes the days that stand in cards anew, in their reader's language.
export function tellDays(within, language) {
  for (const time of all('time[data-style="datetime"], time[data-style="date"]', within)) {
    const before = time.previousSibling?.textContent.trim().split(/\s/).at(-1).toLowerCase();
    const withTime = time.dataset.style === "datetime";
    time.textContent = told(new Date(time.dateTime), language, withTime, DECLINED[before]);
  }
}

function told(at, language, withTime, declined = {}) {
  const days = Math.round((midnight(at) - midnight(now())) / DAY);
  const near = { "-1": "yesterday", 0: "today", 1: "tomorrow" }[days];
  const named = near ? say(near, language) : clockFormat(language, dayOf(at, days)).format(at);
  const day = named.split(" ").map((word) => declined[word] ?? word).join(" ");
  if (!withTime) return day;
  const time = clockFormat(language, { hour: "2-digit", minute: "2-digit" }).format(at);
  return `${day} ${time}`;
}

function dayOf(at, days) {
  if (Math.abs(days) < 7) return { weekday: "short", day: "numeric", month: "short" };
  const year = clockFormat("en", { year: "numeric" });
  const isThisYear = year.format(at) === year.format(now());
  return { day: "numeric", month: "short", ...(isThisYear ? {} : { year: "numeric" }) };
}

// The day's own midnight, as if it were in UTC: days then are all as long.
function midnight(at) {
  const parts = clockFormat("en", { year: "numeric", month: "2-digit", day: "2-digit" })
    .formatToParts(at);
  const { year, month, day } = Object.fromEntries(parts.map(({ type, value }) => [type, value]));
  return Date.UTC(year, month - 1, day);
}
