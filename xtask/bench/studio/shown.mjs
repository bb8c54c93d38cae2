// From a press of Create to the picture on the screen, for one visitor after the other: the time when it was shown, and the longest
// task until then. The picture is the first of a visit, so that the files that the studio loads with the first picture are included.

import { setTimeout as sleep } from "node:timers/promises";
import { longest, traced } from "./trace.mjs";

const BYTES = 1_500_000;
/** How long tasks that follow from a shown picture are counted. */
const AFTER_MS = 500;

export async function measure(pages, rounds, report) {
  const names = ["studio", "floor", "base64", ...(pages.edges.old ? ["old"] : [])];
  // The first round warms up and is not reported. The page that is first in one round is last in the next.
  for (let round = 0; round <= rounds; round += 1) {
    for (let at = 0; at < names.length; at += 1) {
      const sample = await visit(pages, names[(round + at) % names.length]);
      if (round > 0) report(sample);
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
