// From a press of Create to the sharp picture on the screen over a slow connection, for one visitor after the other. The studio is
// open and ready before the connection becomes slow; the picture is the first of a visit, so that the files that the studio loads with the
// first picture are included. Every page is named after the default format of its site.

import { setTimeout as sleep } from "node:timers/promises";

const PAGES = ["png", "webp"];
/** The quality that a site with lossy pictures requests. */
const COMPRESSION = 85;
/** Lighthouse's slow 4G: a round trip of 150 ms, 1.6 Mbit/s down, 750 kbit/s up. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };

export async function measure(pages, rounds, report) {
  // The first round warms up and is not reported. The page that is first in one round is last in the next.
  for (let round = 0; round <= rounds; round += 1) {
    for (let at = 0; at < PAGES.length; at += 1) {
      const sample = await visit(pages, PAGES[(round + at) % PAGES.length]);
      if (round > 0) report(sample);
    }
  }
}

async function visit(pages, format) {
  const visitor = await pages.visitor();
  const page = await pages.open(`studio/${format}`, visitor, (order) => (format === "png" ? order : { ...order, compression: COMPRESSION }));
  await sleep(1000);
  const { number, prompt } = pages.order(0);
  await page.send("Network.enable");
  await page.send("Network.emulateNetworkConditions", SLOW_4G);
  await page.eval("bench.watches = true");
  const pressed = await page.create(prompt);
  await page.until("bench.shown.length > 0");
  const at = await page.eval("bench.shown[0]");
  await pages.leave(visitor);
  return { figure: "sharp", page: format, number, ms: at - pressed };
}
