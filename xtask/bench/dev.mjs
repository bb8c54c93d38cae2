// Keeps a page open in Chromium and evaluates expressions in it, for `cargo xtask bench dev`.
//
// node dev.mjs CHROMIUM URL; stdin: one expression a line  ->  stdout: its value as JSON, one line each, null if it throws or the
// page is being loaded. When stdin ends, Chromium ends.

import { createInterface } from "node:readline";
import { start } from "./chromium.mjs";

const [chromium, url] = process.argv.slice(2);
const { send, stop } = await start(chromium);
const { targetId } = await send("Target.createTarget", { url });
const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
for await (const expression of createInterface({ input: process.stdin })) {
  const sent = send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }, sessionId);
  const value = await sent.then(({ result }) => result.value ?? null, () => null);
  console.log(JSON.stringify(value));
}
await stop();
