// Uses the studio in Chromium as a visitor does, beside hand-written pages, and tells how quick it was and what it held, for
// `cargo xtask bench studio`.
//
// node studio.mjs CHROMIUM EDGE UPSTREAM ROUNDS FIGURE…  ->  a line of JSON for each sample: {"figure", "page", …}; studio.rs reads them.
// FIGURE is wall, shown, fifty or sharp, and has a file of its own in studio/. EDGE is the origin of a running edge, UPSTREAM the base URL of
// the gateway of the bench.

import { start } from "./chromium.mjs";
import { Pages } from "./studio/page.mjs";

const [chromium, edge, upstream, rounds, ...figures] = process.argv.slice(2);
const FLAGS = [
  // A page that this process hands over has no address, so that Chromium would not let it ask this machine.
  "--disable-features=LocalNetworkAccessChecks,PrivateNetworkAccessChecks",
  // Without a screen it believes to have no mouse, which here presses and scrolls.
  "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
];
/** A browser of its own: none of its renderers has worked for another page. */
const begin = async () => new Pages({ ...(await start(chromium, FLAGS)), edge, upstream, begin });
const pages = await begin();
const tell = (sample) => console.log(JSON.stringify(sample));
try {
  for (const figure of figures) {
    const { measure } = await import(`./studio/${figure}.mjs`);
    await measure(pages, Number(rounds), tell);
  }
} finally {
  // Its profile may hold a gigabyte.
  await pages.stop();
}
