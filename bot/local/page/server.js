// What goes to the server, and its answer.

// What is asked has a number of its own, and keeps it when it is sent again after a failure: the
// server answers the same number once.
export const newDelivery = () => crypto.randomUUID();

export async function send(url, body) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(20_000),
  });
  const reply = await answer.json().catch(() => ({}));
  if (!answer.ok) throw Object.assign(new Error(reply.error ?? ""), { answered: true });
  return reply;
}
