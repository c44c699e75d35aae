// What the page knows: people, their columns, and the messages in them.

export const page = {
  words: {},
  people: [],
  shown: new Set(),
  messages: new Map(),
  columns: new Map(),
  unseen: new Map(),
  next: null, // what happens next by the workspace's clock
  ahead: 0, // milliseconds by which the workspace's clock is ahead of this computer's
  version: 0,
  language: "en",
};

export const personOf = (user) => page.people.find((person) => person.user === user);
export const languageOf = (user) => (personOf(user)?.locale === "lv" ? "lv" : "en");
export const initials = (person) => person.name.split(/\s+/).map((word) => word[0]).slice(0, 2).join("");
export const tint = (person) => `tint-${page.people.indexOf(person) % 6}`;
