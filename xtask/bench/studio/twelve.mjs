// A wall of twelve pictures at a quarter of the CPU's speed, for one visitor after the other: the slowest of forty keys in the prompt, and
// the slowest of twelve presses of choices.

import { setTimeout as sleep } from "node:timers/promises";
import { SLOWER } from "./page.mjs";

// The gateway of the bench paints no smaller picture.
const BYTES = 1_500_000;
const PICTURES = 12;
const KEYS = 40;
const PRESSES = 12;

export async function measure(pages, rounds, report) {
  const names = ["studio", ...(pages.edges.old ? ["old"] : [])];
  for (let round = 0; round <= rounds; round += 1) {
    for (let at = 0; at < names.length; at += 1) {
      const sample = await visit(pages, names[(round + at) % names.length]);
      // The first round warms up and is not reported.
      if (round > 0) report(sample);
    }
  }
}

async function visit(pages, name) {
  const visitor = await pages.visitor();
  const page = await pages.open(name, visitor);
  for (let made = 1; made <= PICTURES; made += 1) {
    await page.create(pages.order(BYTES + made).prompt);
    await page.until(`document.querySelectorAll(".tile > [data-here]").length >= ${made}`);
  }
  await page.slow(SLOWER);
  await sleep(1500);
  await page.eval(`scrollTo(0, 0), document.getElementById("prompt").focus()`);
  const keys = [];
  for (let key = 0; key < KEYS; key += 1) {
    const letter = "a fox in the snow "[key % 18];
    keys.push(await page.response(() => page.key(letter, letter)));
  }
  const presses = [];
  for (let press = 0; press < PRESSES; press += 1) {
    const [x, y] = await page.eval(`(({ x, y, width, height }) => [x + width / 2, y + height / 2])(document.querySelectorAll(".more, .choice__one")[${press} % document.querySelectorAll(".more, .choice__one").length].getBoundingClientRect())`);
    presses.push(await page.response(() => page.click(x, y)));
  }
  await pages.leave(visitor);
  return { figure: "twelve", page: name, key_ms: Math.max(...keys), press_ms: Math.max(...presses) };
}
