// Opens pages in Chromium and prints the cost of each for its visitor, for `cargo xtask bench embed`.
//
// node embed.mjs CHROMIUM FOLDER ROUNDS PAGE[@SLOWER]…  ->  a line of JSON for every page of every round:
// {"page", "script_ms", "style_ms", "task_ms", "bytes", "here", "elsewhere"}: the times of the renderer's main thread, by its own
// clock and at a quarter of the CPU's speed (or one SLOWERth), in scripts (compile, evaluate, call), in style and layout, and in all its
// tasks except those that read these figures; the bytes over the wire without the page itself, and the number of requests to this
// machine and to others. FOLDER/PAGE.html and its files are served with brotli if FILE.br is beside FILE.

import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { start } from "./chromium.mjs";

const [chromium, folder, rounds, ...pages] = process.argv.slice(2);
const SLOWER = 4;
/** How long a page may still work after it is loaded. */
const SETTLE_MS = 1000;
const TYPES = { ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8" };

const server = createServer(({ url, headers }, answer) => {
  const file = join(folder, new URL(url, "http://localhost").pathname);
  if (!existsSync(file)) return answer.writeHead(404).end();
  const packed = existsSync(`${file}.br`) && /\bbr\b/.test(headers["accept-encoding"]);
  const body = readFileSync(packed ? `${file}.br` : file);
  const head = { "content-type": TYPES[extname(file)], "content-length": body.length, "cache-control": "no-store" };
  if (packed) head["content-encoding"] = "br";
  answer.writeHead(200, head).end(body);
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const base = `http://127.0.0.1:${server.address().port}`;

const { send, subscribe, stop } = await start(chromium);

/** Opens a page in a new profile and makes no input. */
async function visit(named) {
  const [page, rate = SLOWER] = named.split("@");
  const { browserContextId } = await send("Target.createBrowserContext");
  const { targetId } = await send("Target.createTarget", { url: "about:blank", browserContextId });
  const { sessionId } = await send("Target.attachToTarget", { targetId, flatten: true });
  const url = `${base}/${page}.html`;
  const requests = new Map();
  let loaded;
  const load = new Promise((done) => (loaded = done));
  const listen = ({ method, params, sessionId: from }) => {
    if (from !== sessionId) return;
    if (method === "Page.loadEventFired") loaded();
    const id = params?.requestId;
    if (method === "Network.requestWillBeSent" && /^https?:/.test(params.request.url)) requests.set(id, { url: params.request.url, bytes: 0 });
    if (method === "Network.loadingFinished" && requests.has(id)) requests.get(id).bytes = params.encodedDataLength;
  };
  const unsubscribe = subscribe(listen);
  for (const [method, params] of [
    ["Network.enable"],
    ["Page.enable"],
    // The thread's own clock does not count the time in which other programs ran.
    ["Performance.enable", { timeDomain: "threadTicks" }],
    ["Emulation.setCPUThrottlingRate", { rate: Number(rate) }],
    ["Page.navigate", { url }],
  ]) {
    await send(method, params, sessionId);
  }
  await load;
  await sleep(SETTLE_MS);
  const { metrics } = await send("Performance.getMetrics", {}, sessionId);
  unsubscribe();
  await send("Target.disposeBrowserContext", { browserContextId });
  const metric = (name) => metrics.find((metric) => metric.name === name).value * 1000;
  const others = [...requests.values()].filter((request) => request.url !== url);
  const here = others.filter((request) => request.url.startsWith(base));
  return {
    page: named,
    script_ms: metric("ScriptDuration") + metric("V8CompileDuration"),
    style_ms: metric("RecalcStyleDuration") + metric("LayoutDuration"),
    task_ms: metric("TaskDuration") - metric("DevToolsCommandDuration"),
    bytes: here.reduce((sum, { bytes }) => sum + bytes, 0),
    here: here.length,
    elsewhere: others.length - here.length,
  };
}

// The first round warms up and is not reported. The page that is first in one round is last in the next.
for (let round = 0; round <= Number(rounds); round += 1) {
  for (let at = 0; at < pages.length; at += 1) {
    const sample = await visit(pages[(round + at) % pages.length]);
    if (round > 0) console.log(JSON.stringify(sample));
  }
}
await stop();
server.close();
