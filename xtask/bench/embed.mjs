// Opens pages in Chromium and tells what each cost its visitor, for `cargo xtask bench embed`.
//
// node embed.mjs CHROMIUM FOLDER ROUNDS PAGE[@SLOWER]…  ->  a line of JSON for every page of every round:
// {"page", "script_ms", "style_ms", "task_ms", "bytes", "here", "elsewhere"}: the renderer's main thread's own time at a quarter
// of the CPU's speed (or one SLOWERth) in scripts (compiled, evaluated, called), in style and layout, and in all its tasks but those
// that ask for these figures; what came over the wire beside the page itself, and how many requests went to this machine and to
// others. FOLDER/PAGE.html and what it names are served with brotli where FILE.br lies beside FILE.

import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { start } from "./chromium.mjs";

const [chromium, folder, rounds, ...pages] = process.argv.slice(2);
const SLOWER = 4;
/** What a page may still do after it is loaded. */
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

const { ask, hear, stop } = await start(chromium);

/** Opens a page in a profile of its own and never touches it. */
async function visit(named) {
  const [page, rate = SLOWER] = named.split("@");
  const { browserContextId } = await ask("Target.createBrowserContext");
  const { targetId } = await ask("Target.createTarget", { url: "about:blank", browserContextId });
  const { sessionId } = await ask("Target.attachToTarget", { targetId, flatten: true });
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
  const deaf = hear(listen);
  for (const [method, params] of [
    ["Network.enable"],
    ["Page.enable"],
    // The thread's own time: what other programs take from it is not the page's.
    ["Performance.enable", { timeDomain: "threadTicks" }],
    ["Emulation.setCPUThrottlingRate", { rate: Number(rate) }],
    ["Page.navigate", { url }],
  ]) {
    await ask(method, params, sessionId);
  }
  await load;
  await sleep(SETTLE_MS);
  const { metrics } = await ask("Performance.getMetrics", {}, sessionId);
  deaf();
  await ask("Target.disposeBrowserContext", { browserContextId });
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

// The first round warms up and tells nothing. Whoever comes first in one round comes last in the next.
for (let round = 0; round <= Number(rounds); round += 1) {
  for (let at = 0; at < pages.length; at += 1) {
    const said = await visit(pages[(round + at) % pages.length]);
    if (round > 0) console.log(JSON.stringify(said));
  }
}
await stop();
server.close();
