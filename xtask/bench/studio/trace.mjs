// Owns Chromium's own tracing of a period: the main thread's tasks, the frames of the screen.

/** Traces while `run` runs. Returns the events of the page's renderer, and the times of the marks at the start and the end. */
export async function traced(page, categories, run) {
  const { pages } = page;
  const all = [];
  let complete;
  const whole = new Promise((done) => (complete = done));
  const unsubscribe = pages.subscribe(({ method, params }) => {
    if (method === "Tracing.dataCollected") all.push(...params.value);
    if (method === "Tracing.tracingComplete") complete();
  });
  await pages.send("Tracing.start", { transferMode: "ReportEvents", traceConfig: { recordMode: "recordAsMuchAsPossible", includedCategories: [...categories, "blink.user_timing"], excludedCategories: ["*"] } });
  await page.eval(`performance.mark("bench-from")`);
  await run();
  await page.eval(`performance.mark("bench-to")`);
  await pages.send("Tracing.end");
  await whole;
  unsubscribe();
  const mark = (name) => all.find((event) => event.name === name && event.cat === "blink.user_timing");
  const from = mark("bench-from");
  return { from: from.ts, to: mark("bench-to").ts, thread: from.tid, events: all.filter(({ pid }) => pid === from.pid) };
}

/** Milliseconds of the longest task of the main thread. */
export function longest({ events, thread, from, to }) {
  const tasks = events.filter(({ name, tid, ts, dur }) => name === "RunTask" && tid === thread && ts < to && ts + dur > from);
  if (!tasks.length) throw new Error("the trace contains no task");
  return Math.max(...tasks.map(({ dur }) => dur)) / 1000;
}
