// Uses the studio and hand-written pages in Chromium as a visitor does, and prints samples of speed and memory, for
// `cargo xtask bench studio`.
//
// node studio.mjs CHROMIUM EDGES UPSTREAM ROUNDS FIGURE…  ->  a line of JSON for each sample: {"figure", "page", …}; studio.rs reads them.
// FIGURE is wall, shown, fifty, sharp, early or twelve, and has a file of its own in studio/. EDGES is JSON with the origins of running edges:
// `studio`, and perhaps `old`, of an older build. UPSTREAM is the base URL of the gateway of the bench.

import { start } from "./chromium.mjs";
import { Pages } from "./studio/page.mjs";

const [chromium, origins, upstream, rounds, ...figures] = process.argv.slice(2);
const FLAGS = [
  // A page whose content comes from this process has no IP address, so Chromium would not let it connect to this machine.
  "--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessChecks",
  // Headless Chromium assumes that there is no mouse; the bench presses and scrolls with one.
  "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
];
/** A new browser, none of whose renderers has been used for another page. */
const begin = async () => new Pages({ ...(await start(chromium, FLAGS)), edges: JSON.parse(origins), upstream, begin });
const pages = await begin();
const report = (sample) => console.log(JSON.stringify(sample));
try {
  for (const figure of figures) {
    const { measure } = await import(`./studio/${figure}.mjs`);
    await measure(pages, Number(rounds), report);
  }
} finally {
  // This deletes the profile, which may hold a gigabyte.
  await pages.stop();
}
