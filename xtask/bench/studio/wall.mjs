// A wall of five hundred pictures at a quarter of the CPU's speed: typing, opening, turning, scrolling; then all of it is deleted, and
// what that leaves behind is weighed. The pictures are kept on the device, as a visitor has so many: they are written into the
// database, in the form that kept.js gives them.

import { setTimeout as sleep } from "node:timers/promises";
import { held } from "./memory.mjs";
import { SLOWER } from "./page.mjs";
import { traced } from "./trace.mjs";

const BYTES = 1_500_000;
const PICTURES = 500;
/** Of one round. */
const KEYS = 20;
const OPENED = 5;
/** Rounds that a wall is used for when only what it leaves behind counts. */
const HELD = 5;
/** Pixels a second: as fast as somebody goes who still looks. */
const SPEED = 1500;
/** The toast that offers an undo stands for six seconds. */
const UNDO_MS = 8000;

/** Where a picture hangs that is here and wholly to be seen. */
const MIDST = `[...document.querySelectorAll(".tile > [data-here]")].map((picture) => picture.getBoundingClientRect()).find(({ top, bottom }) => top > 60 && bottom < innerHeight)`;

export async function measure(pages, rounds, tell) {
  const { visitor, page } = await keeper(pages);
  await seed(pages, visitor);
  tell({ figure: "hung", page: "studio", ms: await hang(page, () => page.load()) });
  await use(page, rounds, tell);
  tell({ figure: "deleted", page: "studio", ms: await clear(page) });
  await pages.leave(visitor);

  const other = await pages.visitor();
  const boxes = await pages.open("boxes", other);
  await boxes.slow(SLOWER);
  await sleep(1000);
  for (let round = 0; round < Math.ceil(rounds / 7); round += 1) await scroll(boxes, tell);
  await pages.leave(other);

  for (let round = 0; round < Math.ceil(rounds / 7); round += 1) tell(await pages.apart(hold));
}

/**
 * What two walls leave behind, one after the other in one document. A renderer keeps much of what it once needed: what counts is
 * whether a second wall, used as the first was, leaves more.
 */
async function hold(pages) {
  const { visitor, page } = await keeper(pages);
  await page.load();
  await page.until(`!document.querySelector("[data-state=on]").hidden`);
  await sleep(1000);
  const fresh = await held(page);
  const wall = async () => {
    await seed(pages, visitor);
    await hang(page, () => page.eval(`document.querySelector("#keep [data-do=keep]").click()`));
    await use(page, HELD, () => {});
  };
  await wall();
  await clear(page);
  const start = await held(page);
  await wall();
  const full = await held(page);
  await clear(page);
  return { figure: "held", page: "studio", fresh, start, full, end: await held(page) };
}

/** A visitor who keeps pictures, and a studio that has not been told so yet. */
async function keeper(pages) {
  const visitor = await pages.visitor();
  const page = await pages.open("studio", visitor);
  await page.eval(`localStorage["easel:demo"] = 1`);
  return { visitor, page };
}

/** Hangs the five hundred that are kept: how long that took. */
async function hang(page, begin) {
  const since = Date.now();
  await begin();
  await page.until(`document.querySelectorAll(".tile > [data-url]").length === ${PICTURES}`);
  return Date.now() - since;
}

/** Deletes them all, for good: how long until none hangs there. */
async function clear(page) {
  const since = Date.now();
  await page.eval(`document.querySelector("#manage [data-do=select]").click()`);
  await page.until(`document.querySelectorAll(".tile__pick").length === ${PICTURES}`);
  await page.eval(`document.querySelector("#manage [data-do=all]").click()`);
  await page.until(`!document.querySelector("#manage [data-do=remove]").disabled`);
  await page.eval(`document.querySelector("#manage [data-do=remove]").click()`);
  await page.until(`!document.querySelector(".tile")`);
  const took = Date.now() - since;
  // Pointer and focus would hold the toast there: the visitor goes on writing.
  await page.ask("Input.dispatchMouseEvent", { type: "mouseMoved", x: 1, y: 1 });
  await page.eval(`document.getElementById("prompt").focus()`);
  await sleep(UNDO_MS);
  await page.until(`new Promise((then) => { const asked = indexedDB.open("easel:demo"); asked.onsuccess = () => { const all = asked.result.transaction("pictures").objectStore("pictures").count(); all.onsuccess = () => { asked.result.close(); then(all.result === 0) } } })`);
  return took;
}

/** Writes the pictures as kept.js would have. */
async function seed(pages, visitor) {
  const page = await pages.open("seed", visitor);
  await page.eval(`seed(${PICTURES}, ${BYTES})`);
  await page.close();
}

/** Writes, looks and scrolls, at the speed that goals are meant at. */
async function use(page, rounds, tell) {
  await page.slow(SLOWER);
  await sleep(2000);
  for (let round = 0; round < rounds; round += 1) {
    await write(page, tell);
    await look(page, tell);
  }
  for (let round = 0; round < Math.ceil(rounds / 7); round += 1) await scroll(page, tell);
  await page.slow(1);
}

async function write(page, tell) {
  await page.eval(`scrollTo(0, 0), document.getElementById("prompt").focus()`);
  await sleep(500);
  for (let key = 0; key < KEYS; key += 1) {
    const letter = "a fox in the snow "[key % 18];
    tell({ figure: "typed", page: page.name, ms: await page.response(() => page.key(letter, letter)) });
  }
}

async function look(page, tell) {
  for (let opened = 0; opened < OPENED; opened += 1) {
    await page.eval(`scrollTo(0, ${Math.random()} * (document.documentElement.scrollHeight - innerHeight))`);
    await sleep(700);
    await page.until(`${MIDST} !== undefined`);
    const [x, y] = await page.eval(`(({ x, y, width, height }) => [x + width / 2, y + height / 2])(${MIDST})`);
    // Heard after the studio's own listener: by then it must have opened, or the frame that is measured does not show it.
    await page.eval(`bench.opens = new Promise((then) => addEventListener("click", () => then(document.getElementById("viewer").open), { once: true })), 0`);
    tell({ figure: "opened", page: page.name, ms: await page.response(() => page.click(x, y)) });
    if (!(await page.eval("bench.opens"))) throw new Error("the viewer did not open with the frame that answers the press");
    for (const way of ["ArrowRight", "ArrowLeft"]) {
      await sleep(300);
      tell({ figure: "turned", page: page.name, ms: await page.response(() => page.key(way)) });
    }
    tell({ figure: "closed", page: page.name, ms: await page.response(() => page.key("Escape")) });
  }
}

/** The whole wall down and up again, by a wheel; counted are the frames that Chromium itself holds for dropped where it matters. */
async function scroll(page, tell) {
  const far = await page.eval("scrollTo(0, 0), document.documentElement.scrollHeight - innerHeight");
  await sleep(1000);
  const trace = await traced(page, ["cc", "benchmark", "disabled-by-default-devtools.timeline.frame"], async () => {
    for (const yDistance of [-far, far]) await page.ask("Input.synthesizeScrollGesture", { x: 640, y: 450, yDistance, speed: SPEED, gestureSourceType: "mouse", preventFling: true });
  });
  tell({ figure: "scrolled", page: page.name, ...frames(trace) });
}

function frames({ events, from, to }) {
  const told = events.filter(({ name, ts, args }) => name === "PipelineReporter" && args?.frame_reporter && ts >= from && ts < to).map(({ args }) => args.frame_reporter);
  const state = (wanted) => told.filter(({ state, affects_smoothness }) => state === wanted && affects_smoothness !== false).length;
  return { shown: told.filter(({ state }) => /PRESENTED/.test(state)).length, partial: state("STATE_PRESENTED_PARTIAL"), dropped: state("STATE_DROPPED") };
}
