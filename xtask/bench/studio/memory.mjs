// Owns the memory of a page's renderer: what it wrote for itself alone, after what is garbage was collected. The program's own pages,
// which count as private or shared by who else happens to run, are no part of it. Needs Linux's /proc.

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A browser that has just begun works for itself too. */
const TURNS = 40;

/**
 * Bytes that a page's renderer holds for itself alone. The shortage that it is told of here is never called off: from then on Chromium
 * saves memory where it would otherwise be quick, so whatever is timed comes before.
 */
export async function held(page) {
  const pid = await renderer(page);
  // Collectors free in turns: what one lets go of is seen by the next. Free pages go back to the system only after a while, or when
  // memory runs short, which is what all pages are told here.
  for (let turn = 0; turn < 3; turn += 1) {
    await page.ask("HeapProfiler.collectGarbage");
    await page.pages.ask("Memory.simulatePressureNotification", { level: "critical" }).catch(() => page.ask("Memory.simulatePressureNotification", { level: "critical" }));
    await sleep(1000);
  }
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Private_Dirty:\s+(\d+) kB$/m.exec(rollup)[1]) * 1024;
}

/** The process of a page: the one that works while it does, and no other does. */
async function renderer(page) {
  const times = async () => {
    const { processInfo } = await page.pages.ask("SystemInfo.getProcessInfo");
    return new Map(processInfo.filter(({ type }) => type === "renderer").map(({ id, cpuTime }) => [id, cpuTime]));
  };
  for (let turn = 0; turn < TURNS; turn += 1) {
    const before = await times();
    await page.eval("{ const end = performance.now() + 300; while (performance.now() < end); }");
    const after = await times();
    const worked = [...after].filter(([id, time]) => time - (before.get(id) ?? 0) > 0.1);
    if (worked.length === 1) return worked[0][0];
    await sleep(500);
  }
  throw new Error("more than one renderer works all the time");
}
