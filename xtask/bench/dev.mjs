// Keeps a page open in Chromium and evaluates expressions in it, for `cargo xtask bench dev`.
//
// node dev.mjs CHROMIUM URL; stdin: an expression a line  ->  stdout: its value as JSON, a line each, null where it throws or the
// page is on its way. When stdin ends, Chromium ends.

import { createInterface } from "node:readline";
import { start } from "./chromium.mjs";

const [chromium, url] = process.argv.slice(2);
const { ask, stop } = await start(chromium);
const { targetId } = await ask("Target.createTarget", { url });
const { sessionId } = await ask("Target.attachToTarget", { targetId, flatten: true });
for await (const expression of createInterface({ input: process.stdin })) {
  const asked = ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true }, sessionId);
  const value = await asked.then(({ result }) => result.value ?? null, () => null);
  console.log(JSON.stringify(value));
}
await stop();
