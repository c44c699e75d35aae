// Buttons on cards, and those that move the clock.

import { ask } from "./asking.js";
import { connection } from "./connection.js";
import { confirmed } from "./dialogs.js";
import { all } from "./dom.js";
import { send } from "./server.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-does]");
  if (!button) return;
  const holder = button.closest("[data-user]");
  if (button.dataset.confirm && !(await confirmed(button, holder.dataset.user))) return;
  const message = button.closest("[data-id]")?.dataset.id ?? holder.dataset.message ?? "";
  const what = { does: button.dataset.does, values: JSON.parse(button.dataset.values) };
  await ask(holder.dataset.user, what, button, message);
});

for (const button of all("[data-move]")) button.addEventListener("click", () => move(button));

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
