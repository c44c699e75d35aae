// The demo begins again, as on its first day.

import { asked } from "./dialogs.js";
import { connection } from "./connection.js";
import { one } from "./dom.js";
import { send } from "./server.js";
import { page } from "./state.js";
import { say } from "./words.js";

one("#again").addEventListener("click", async () => {
  if (await sure()) await beginAgain();
});

// Whether everything that was done here may go; where nothing was, nobody is asked.
export const sure = async () => page.messages.size === 0 || asked({
  title: say("Start again?"),
  line: say("Everything that was done here goes, and the team is as on its first day."),
  yes: say("Start again"),
  no: say("Cancel"),
  isDanger: true,
});

// The server tells every open page, which then loads anew.
export async function beginAgain() {
  try {
    await send("/local/again", {});
  } catch {
    connection("That did not work. Please try again.");
  }
}
