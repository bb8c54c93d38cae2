// Owns the measurement of a renderer's memory: the private pages that it has written, after garbage collection. The pages of the
// program file are not counted: whether they are private or shared depends on other processes. Needs Linux's /proc.

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** A browser that has just started does work of its own for a while. */
const TURNS = 40;

/**
 * Bytes of private memory of a page's renderer. It is notified of memory pressure here, and that notification is never withdrawn: from
 * then on Chromium prefers saving memory to speed, so this must come after everything that is timed.
 */
export async function privateBytes(page) {
  const pid = await renderer(page);
  // Several collections are needed: objects that one collector frees may hold objects of another. Free pages are returned to the system
  // only after a while, or under memory pressure, which is simulated here for all pages.
  for (let turn = 0; turn < 3; turn += 1) {
    await page.send("HeapProfiler.collectGarbage");
    await page.pages.send("Memory.simulatePressureNotification", { level: "critical" }).catch(() => page.send("Memory.simulatePressureNotification", { level: "critical" }));
    await sleep(1000);
  }
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  return Number(/^Private_Dirty:\s+(\d+) kB$/m.exec(rollup)[1]) * 1024;
}

/** The process of a page: the only renderer that is busy while the page computes. */
async function renderer(page) {
  const times = async () => {
    const { processInfo } = await page.pages.send("SystemInfo.getProcessInfo");
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
  throw new Error("more than one renderer is busy all the time");
}
