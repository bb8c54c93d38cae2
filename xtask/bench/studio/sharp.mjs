// From a press of Create to the sharp picture on the screen over a slow line, for one visitor after the other. The studio is open
// and ready before the line becomes slow; the picture is the first of a visit, so that what the studio loads with the first one is
// on the way too. Every page is of a site whose default format it is named after.

import { setTimeout as sleep } from "node:timers/promises";

const PAGES = ["png", "webp"];
/** What a site with lossy pictures asks for. */
const COMPRESSION = 85;
/** Lighthouse's slow 4G: a round trip of 150 ms, 1.6 Mbit/s down, 750 kbit/s up. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };

export async function measure(pages, rounds, tell) {
  // The first round warms up and tells nothing. Whoever comes first in one round comes last in the next.
  for (let round = 0; round <= rounds; round += 1) {
    for (let at = 0; at < PAGES.length; at += 1) {
      const sample = await visit(pages, PAGES[(round + at) % PAGES.length]);
      if (round > 0) tell(sample);
    }
  }
}

async function visit(pages, format) {
  const visitor = await pages.visitor();
  const page = await pages.open(`studio/${format}`, visitor, (order) => (format === "png" ? order : { ...order, compression: COMPRESSION }));
  await sleep(1000);
  const { number, prompt } = pages.order(0);
  await page.ask("Network.enable");
  await page.ask("Network.emulateNetworkConditions", SLOW_4G);
  await page.eval("bench.watches = true");
  const pressed = await page.create(prompt);
  await page.until("bench.shown.length > 0");
  const at = await page.eval("bench.shown[0]");
  await pages.leave(visitor);
  return { figure: "sharp", page: format, number, ms: at - pressed };
}
