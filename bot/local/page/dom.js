// The document, the screen, and what this browser remembers.

export const one = (selector, within = document) => within.querySelector(selector);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

export const narrow = matchMedia("(max-width: 700px)");
export const calm = matchMedia("(prefers-reduced-motion: reduce)");
export const pace = () => (calm.matches ? "auto" : "smooth");

export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

export function remember(name, value) {
  try { localStorage.setItem(`plecs-${name}`, JSON.stringify(value)); } catch { /* private mode */ }
}

export function remembered(name) {
  try { return JSON.parse(localStorage.getItem(`plecs-${name}`)); } catch { return null; }
}
