// A wall of five hundred pictures at a quarter of the CPU's speed: typing, opening, turning, scrolling; then all pictures are deleted,
// and the memory that remains is measured. The pictures come from the device history, since only a device holds so many: they are written
// into the database, in the form that version 0.1 gave them.

import { setTimeout as sleep } from "node:timers/promises";
import { privateBytes } from "./memory.mjs";
import { SLOWER } from "./page.mjs";
import { traced } from "./trace.mjs";

const BYTES = 1_500_000;
const PICTURES = 500;
/** Numbers of one round. */
const KEYS = 20;
const OPENED = 5;
/** Rounds of use when only the remaining memory is measured. */
const HELD = 5;
/** Pixels a second: the speed of somebody who still looks at the pictures. */
const SPEED = 1500;
/** Longer than the undo toast stays, which is six seconds. */
const UNDO_MS = 8000;

/** The place of a picture that is loaded and completely visible. */
const MIDST = `[...document.querySelectorAll(".tile > [data-here]")].map((picture) => picture.getBoundingClientRect()).find(({ top, bottom }) => top > 60 && bottom < innerHeight)`;

/** The button that deletes what is selected, in this build or in 0.1. */
const DELETE = `document.querySelector("#manage [data-do=remove], .manage__tools [aria-label=Delete]")`;

/** The buttons of the device history that can be pressed: two where it is offered or ends, one while it keeps pictures. */
const BUTTONS = `[...document.querySelectorAll("#keep button")].filter((button) => button.checkVisibility())`;

export async function measure(pages, rounds, report) {
  const { visitor, page } = await keeper(pages);
  await seed(pages, visitor);
  report({ figure: "shown_all", page: "studio", ms: await showAll(page, () => page.load()) });
  await use(page, rounds, report);
  report({ figure: "deleted", page: "studio", ms: await clear(page) });
  await pages.leave(visitor);

  const other = await pages.visitor();
  const boxes = await pages.open("boxes", other);
  await boxes.slow(SLOWER);
  await sleep(1000);
  for (let round = 0; round < Math.ceil(rounds / 7); round += 1) await scroll(boxes, report);
  await pages.leave(other);

  for (let round = 0; round < Math.ceil(rounds / 7); round += 1) report(await pages.apart(hold));
}

/**
 * The memory that remains after two walls, one after the other in one document. A renderer keeps much of the memory that it once needed,
 * so the test is whether a second wall, used in the same way, leaves more.
 */
async function hold(pages) {
  const { visitor, page } = await keeper(pages);
  await page.load();
  await page.until(BUTTONS + ".length === 1");
  await sleep(1000);
  const fresh = await privateBytes(page);
  const wall = async () => {
    // The device history reads what was stored behind its back once it is begun anew: "Stop", "Delete", then "Keep".
    for (const buttons of [2, 2]) {
      await page.eval(BUTTONS + "[0].click()");
      await page.until(`${BUTTONS}.length === ${buttons}`);
    }
    await sleep(500);
    await seed(pages, visitor);
    await showAll(page, () => page.eval(BUTTONS + "[0].click()"));
    await use(page, HELD, () => {});
  };
  await wall();
  await clear(page);
  const start = await privateBytes(page);
  await wall();
  const full = await privateBytes(page);
  await clear(page);
  return { figure: "memory", page: "studio", fresh, start, full, end: await privateBytes(page) };
}

/** A visitor who has allowed the device history, and a studio that has not read that yet. */
async function keeper(pages) {
  const visitor = await pages.visitor();
  const page = await pages.open("studio", visitor);
  await page.eval(`localStorage["easel:demo"] = 1`);
  return { visitor, page };
}

/** Shows the five hundred stored pictures. Returns how long that took. */
async function showAll(page, begin) {
  const since = Date.now();
  await begin();
  await page.until(`document.querySelectorAll(".tile > [data-url]").length === ${PICTURES} || document.querySelector(".tile")?.ariaSetSize === "${PICTURES}"`);
  return Date.now() - since;
}

/** Deletes all pictures permanently. Returns how long it took until none was shown. */
async function clear(page) {
  const since = Date.now();
  await page.eval(`document.querySelector("#manage [data-do=select], #select").click()`);
  await page.until(`document.querySelectorAll(".tile__pick").length > 0`);
  await page.eval(`document.querySelector("#manage [data-do=all], #select-all").click()`);
  await page.until(`!${DELETE}.disabled`);
  await page.eval(`${DELETE}.click()`);
  await page.until(`!document.querySelector(".tile")`);
  const took = Date.now() - since;
  // The undo toast stays while it is hovered or focused, so pointer and focus go elsewhere.
  await page.send("Input.dispatchMouseEvent", { type: "mouseMoved", x: 1, y: 1 });
  await page.eval(`document.getElementById("prompt").focus()`);
  await sleep(UNDO_MS);
  await page.until(`new Promise((then) => { const asked = indexedDB.open("easel:demo"); asked.onsuccess = () => { const all = asked.result.transaction("pictures").objectStore("pictures").count(); all.onsuccess = () => { asked.result.close(); then(all.result === 0) } } })`);
  return took;
}

/** Writes the pictures into the database as version 0.1 did. */
async function seed(pages, visitor) {
  const page = await pages.open("seed", visitor);
  await page.eval(`seed(${PICTURES}, ${BYTES})`);
  await page.close();
}

/** Types, opens pictures and scrolls, at the CPU speed for which the goals hold. */
async function use(page, rounds, report) {
  await page.slow(SLOWER);
  await sleep(2000);
  for (let round = 0; round < rounds; round += 1) {
    await write(page, report);
    await look(page, report);
  }
  for (let round = 0; round < Math.ceil(rounds / 7); round += 1) await scroll(page, report);
  await page.slow(1);
}

async function write(page, report) {
  await page.eval(`scrollTo(0, 0), document.getElementById("prompt").focus()`);
  await sleep(500);
  for (let key = 0; key < KEYS; key += 1) {
    const letter = "a fox in the snow "[key % 18];
    report({ figure: "typed", page: page.name, ms: await page.response(() => page.key(letter, letter)) });
  }
}

async function look(page, report) {
  for (let opened = 0; opened < OPENED; opened += 1) {
    await page.eval(`scrollTo(0, ${Math.random()} * (document.documentElement.scrollHeight - innerHeight))`);
    await sleep(700);
    await page.until(`${MIDST} !== undefined`);
    const [x, y] = await page.eval(`(({ x, y, width, height }) => [x + width / 2, y + height / 2])(${MIDST})`);
    // This listener runs after the studio's own: the viewer must be open by then, or the measured frame does not show it.
    await page.eval(`bench.opens = new Promise((then) => addEventListener("click", () => then(document.getElementById("viewer").open), { once: true })), 0`);
    report({ figure: "opened", page: page.name, ms: await page.response(() => page.click(x, y)) });
    if (!(await page.eval("bench.opens"))) throw new Error("the viewer did not open with the frame that answers the press");
    for (const way of ["ArrowRight", "ArrowLeft"]) {
      await sleep(300);
      report({ figure: "turned", page: page.name, ms: await page.response(() => page.key(way)) });
    }
    report({ figure: "closed", page: page.name, ms: await page.response(() => page.key("Escape")) });
  }
}

/** Scrolls the whole wall down and up again with a wheel, and counts the frames that Chromium itself reports as dropped and relevant. */
async function scroll(page, report) {
  const far = await page.eval("scrollTo(0, 0), document.documentElement.scrollHeight - innerHeight");
  await sleep(1000);
  const trace = await traced(page, ["cc", "benchmark", "disabled-by-default-devtools.timeline.frame"], async () => {
    for (const yDistance of [-far, far]) await page.send("Input.synthesizeScrollGesture", { x: 640, y: 450, yDistance, speed: SPEED, gestureSourceType: "mouse", preventFling: true });
  });
  report({ figure: "scrolled", page: page.name, ...frames(trace) });
}

function frames({ events, from, to }) {
  const reporters = events.filter(({ name, ts, args }) => name === "PipelineReporter" && args?.frame_reporter && ts >= from && ts < to).map(({ args }) => args.frame_reporter);
  const state = (wanted) => reporters.filter(({ state, affects_smoothness }) => state === wanted && affects_smoothness !== false).length;
  return { shown: reporters.filter(({ state }) => /PRESENTED/.test(state)).length, partial: state("STATE_PRESENTED_PARTIAL"), dropped: state("STATE_DROPPED") };
}
