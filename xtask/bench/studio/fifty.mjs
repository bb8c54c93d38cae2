// The memory of a page's renderer before and after fifty pictures, which are made one after the other and each shown once. The CPU is
// not slowed down, since that does not affect memory.

import { setTimeout as sleep } from "node:timers/promises";
import { privateBytes } from "./memory.mjs";

const PAGES = ["studio", "floor", "base64"];
const BYTES = 1_500_000;
const PICTURES = 50;

export async function measure(pages, rounds, report) {
  for (let round = 0; round < Math.ceil(rounds / 7); round += 1) {
    // A renderer keeps part of the memory that it once needed, so each page gets a new browser.
    for (const name of PAGES) report(await pages.apart((own) => visit(own, name)));
  }
}

/** How many pictures a page has. The studio renders those near the screen, and tells of how many they are. */
const hung = (name) => (name === "studio" ? `(Number(document.querySelector(".tile")?.ariaSetSize) || document.querySelectorAll(".tile").length)` : "document.images.length");

async function visit(pages, name) {
  const visitor = await pages.visitor();
  const page = await pages.open(name, visitor);
  const before = await privateBytes(page);
  for (let made = 1; made <= PICTURES; made += 1) {
    await page.create(pages.order(BYTES + made).prompt);
    await page.until(`${hung(name)} >= ${made} && [...document.images].every((picture) => picture.complete) && !document.querySelector("[data-running], .tile__wait")`);
  }
  for (const to of ["document.documentElement.scrollHeight", "0"]) {
    await page.eval(`(async () => { const to = ${to}; const by = Math.sign(to - scrollY) * 300; while (by * (to - scrollY) > 0) { const was = scrollY; scrollBy(0, by); await bench.frame(); await new Promise((then) => setTimeout(then, 100)); if (scrollY === was) break; } })()`);
  }
  // The studio replaces pictures that were shown by thumbnails.
  if (name === "studio") await page.until(`[...document.querySelectorAll(".tile > [data-url]")].every(({ src }) => src.startsWith("blob:"))`);
  await sleep(1000);
  const after = await privateBytes(page);
  return { figure: "fifty", page: name, before, after };
}
