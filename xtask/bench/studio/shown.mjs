// From a press of Create to the picture on the screen, for one visitor after the other: when it was there, and the longest task on
// the way. The picture is the first of a visit, so that what the studio loads with the first one is on the way too.

import { setTimeout as sleep } from "node:timers/promises";
import { longest, traced } from "./trace.mjs";

const PAGES = ["studio", "floor", "base64"];
const BYTES = 1_500_000;
/** What follows from a picture that is there: its tasks count too. */
const AFTER_MS = 500;

export async function measure(pages, rounds, tell) {
  // The first round warms up and tells nothing. Whoever comes first in one round comes last in the next.
  for (let round = 0; round <= rounds; round += 1) {
    for (let at = 0; at < PAGES.length; at += 1) {
      const sample = await visit(pages, PAGES[(round + at) % PAGES.length]);
      if (round > 0) tell(sample);
    }
  }
}

async function visit(pages, name) {
  const visitor = await pages.visitor();
  const page = await pages.open(name, visitor);
  await sleep(1000);
  const { number, prompt } = pages.order(BYTES);
  const trace = await traced(page, ["disabled-by-default-devtools.timeline"], async () => {
    await page.eval("bench.watches = true");
    await page.create(prompt);
    await page.until("bench.shown.length > 0");
    await sleep(AFTER_MS);
  });
  const at = await page.eval("bench.shown[0]");
  await pages.leave(visitor);
  return { figure: "shown", page: name, number, at, task_ms: longest(trace) };
}
