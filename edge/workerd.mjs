// Runs the built Worker in real workerd, for `cargo xtask serve` and for the tests; never deployed.
//
// It owns nothing that is configured: date, flags, objects and assets are read from wrangler.jsonc by wrangler
// itself, so that the same Worker runs here and in the world. Variables and secrets come from whoever starts it.
//
// stdin, one JSON object a line: first {port, persist, vars, secrets, config?, bare?, inspect?, main?, ledger?, dev?}, then commands;
// with dev: {"assets": "<folder>"}, dev.mjs stands before the Worker, whose files are those of the folder;
// when it ends, everything stops: so nothing outlives a parent that was killed.
//   {"evict": {"class": "Job", "id": "<hex>"}}, or "name" for one that has a name  ->  {"evicted": true}
//   {"stored": {"class": "Job", "query": "SELECT …"}}: of every object of that class  ->  {"rows": [[…], …]}
//   {"call": {"binding": "LEDGERS", "name": "demo", "path": "/demo/closed", "body": …}}  ->  {"status": 200, "body": …}
//   {"reload": true}: starts workerd anew with what lies in the build's folders now  ->  {"pid": N}
// stdout, the same way: {"ready": URL, "pid": N} or {"error": "…"}, then one answer to each command.
// stderr: the Worker's log.

import { readFileSync, readdirSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

// Nothing calls home, and wrangler takes no secret from a file on its own.
process.env.WRANGLER_SEND_METRICS = "false";
process.env.WRANGLER_LOG = "error";
process.env.CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV = "false";
// stdout carries the protocol alone: what a library prints goes to the log.
console.log = console.info = console.debug = console.error;

const { Log, LogLevel, Miniflare, convertV4MiniflareOptions } = (await import("miniflare")).default;
const { unstable_getMiniflareWorkerOptions: workerOptionsOf } = (await import("wrangler")).default;

const NAME = "easel";
const FRONT_NAME = "front";
const HOST = "127.0.0.1"; // this machine alone
const GRACE_MS = 3000; // a workerd that has not stopped by then is killed
const HERE = dirname(fileURLToPath(import.meta.url));
const CONFIG = resolve(HERE, "wrangler.jsonc");

/**
 * What the platform does before the Worker, in a Worker of its own. It stands in for Miniflare's, which compresses anew by
 * the first coding that a browser names: Chromium would get gzip of what lies there as brotli.
 */
const FRONT = `
const COMPRESSED = /^(text\\/(html|css|plain|javascript)|application\\/(json|javascript|wasm)|image\\/svg\\+xml)(;|$)/;

const takes = (accepted, coding) => accepted.split(",").some((one) => {
  const [name, weight] = one.split(";").map((part) => part.trim());
  return name === coding && !/^q=0(\\.0*)?$/.test(weight ?? "");
});

export default {
  async fetch(request, { WORKER }) {
    const accepted = request.headers.get("Accept-Encoding") ?? "";
    const url = new URL(request.url);
    if (request.headers.get("X-Forwarded-Proto") === "https") url.protocol = "https:";
    const asked = new Request(url, request);
    asked.headers.set("Accept-Encoding", "br, gzip");
    // Nobody else can connect; a proxy or a test says for whom it asks.
    if (!asked.headers.has("CF-Connecting-IP")) asked.headers.set("CF-Connecting-IP", "${HOST}");
    let answer;
    try {
      answer = await WORKER.fetch(asked);
    } catch (error) {
      console.error("uncaught: " + (error.stack ?? error));
      return new Response(null, { status: 500 });
    }
    const encoding = answer.headers.get("Content-Encoding");
    if (encoding === null && !COMPRESSED.test(answer.headers.get("Content-Type") ?? "")) return answer;
    const wanted = ["br", "gzip"].find((coding) => takes(accepted, coding)) ?? null;
    if (encoding === wanted) return answer;
    const encoded = new Response(answer.body, answer);
    if (wanted === null) encoded.headers.delete("Content-Encoding");
    else encoded.headers.set("Content-Encoding", wanted);
    return encoded;
  },
};
`;

let miniflare;
let folder; // where the objects' data lies
let running; // what was asked for first, with the port that it got
let starts = 0; // of workerd, each with a build of its own
let ledgerScript = NAME; // where the class `Ledger` is

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

/** What the build leaves: one bundled script, and the wasm that it imports; in development another script before them. */
function modulesOf(main, dev) {
  const folder = dirname(main);
  const wasm = readdirSync(folder).filter((name) => name.endsWith(".wasm"));
  const script = () => readFileSync(resolve(HERE, "dev.mjs"), "utf8");
  const first = dev === undefined ? [] : [{ type: "ESModule", path: resolve(folder, "dev.js"), contents: script() }];
  return [
    ...first,
    { type: "ESModule", path: main },
    ...wasm.map((name) => ({ type: "CompiledWasm", path: resolve(folder, name) })),
  ];
}

/** Turns what was asked for into Miniflare's options. */
function optionsOf({ port, persist, vars, secrets, config, bare, inspect, main: built, ledger, dev }) {
  const { workerOptions, main: configured } = workerOptionsOf(resolve(config ?? CONFIG));
  // Locally two Workers of the platform's stand before one with files.
  if (bare) delete workerOptions.assets;
  if (dev !== undefined) workerOptions.assets.directory = dev.assets;
  starts += 1;
  const main = built ?? configured;
  // A test may put another Ledger in the place of the real one, to see whether it would notice.
  const others = ledger === undefined ? [] : [anotherLedger(ledger, workerOptions, vars)];
  return convertV4MiniflareOptions({
    cf: false,
    inspectorPort: inspect,
    telemetry: { enabled: false },
    log: new Log(LogLevel.WARN),
    logRequests: false,
    handleStructuredLogs: ({ message }) => process.stderr.write(`${message}\n`),
    handleUncaughtError: (error) => process.stderr.write(`uncaught: ${error.stack ?? error}\n`),
    resourcePersistencePath: persist,
    workers: [
      {
        ...workerOptions,
        name: NAME,
        modulesRules: undefined,
        modulesRoot: dirname(main),
        modules: modulesOf(main, dev),
        // Instead of the file's own: a parent that passes none gets none.
        bindings: { ...vars, ...secrets, ...(dev && { DEV_VERSION: String(starts) }) },
      },
      front(port, workerOptions),
      ...others,
    ],
  });
}

/** Who hears the requests first. */
function front(port, { compatibilityDate, compatibilityFlags }) {
  return {
    name: FRONT_NAME,
    modules: [{ type: "ESModule", path: "front.mjs", contents: FRONT }],
    compatibilityDate,
    compatibilityFlags,
    serviceBindings: { WORKER: NAME },
    unsafeDirectSockets: [{ host: HOST, port }],
  };
}

/** A script whose class `Ledger` takes the binding over. */
function anotherLedger(script, workerOptions, bindings) {
  ledgerScript = "ledger";
  const place = { className: "Ledger", scriptName: ledgerScript, useSQLite: true };
  workerOptions.durableObjects = { ...workerOptions.durableObjects, LEDGERS: place };
  const { compatibilityDate } = workerOptions;
  const durableObjects = { LEDGERS: { className: "Ledger", useSQLite: true } };
  return { name: ledgerScript, modules: true, scriptPath: script, compatibilityDate, durableObjects, bindings };
}

/** workerd says only that it failed; a taken port deserves its own sentence. */
function assertFree(port) {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", ({ code }) => {
      fail(new Error(code === "EADDRINUSE" ? `port ${port} is taken` : `cannot listen on ${HOST}:${port} (${code})`));
    });
    probe.listen(port, HOST, () => probe.close(done));
  });
}

/** workerd is a child of this process; 0 where /proc does not tell. Miniflare replaces one that crashed. */
function workerdPid() {
  const { pid } = process;
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim().split(" ");
    const named = (child) => readFileSync(`/proc/${child}/comm`, "utf8").startsWith("workerd");
    return Number(children.find(named) ?? 0);
  } catch {
    return 0;
  }
}

async function start(request) {
  const asked = { port: 0, ...request };
  if (asked.port !== 0) await assertFree(asked.port);
  folder = asked.persist;
  miniflare = new Miniflare(optionsOf(asked));
  await miniflare.ready;
  const url = await miniflare.unsafeGetDirectURL(FRONT_NAME);
  running = { ...asked, port: Number(url.port) };
  say({ ready: url.origin, pid: workerdPid() });
}

/** Takes up a new build: the port and the objects' data stay. */
async function reload() {
  await miniflare.setOptions(optionsOf(running));
  await miniflare.ready;
  say({ pid: workerdPid() });
}

async function obey(command) {
  if (command.reload !== undefined) return reload();
  if (command.call !== undefined) return say(await callObject(command.call));
  if (command.stored !== undefined) return say({ rows: await stored(command.stored) });
  if (command.evict === undefined) throw new Error(`unknown command ${Object.keys(command)}`);
  const { class: of, ...which } = command.evict;
  const script = of === "Ledger" ? ledgerScript : NAME;
  // One that has been idle for a while is out of memory already.
  const idle = ({ message }) => {
    if (!message.includes("not currently running")) throw new Error(message);
    return false;
  };
  const evicted = await miniflare.unsafeEvictDurableObject(script, of, which).then(() => true, idle);
  say({ evicted });
}

/** What lies in storage, whatever the objects say of it. */
async function stored({ class: of, query }) {
  const { DatabaseSync } = await import("node:sqlite");
  const place = resolve(folder, "do", `${NAME}-${of}`);
  const files = readdirSync(place).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
  return files.flatMap((name) => {
    const database = new DatabaseSync(resolve(place, name), { readOnly: true });
    try {
      return database.prepare(query).all().map(Object.values);
    } finally {
      database.close();
    }
  });
}

/** Speaks to an object as the Worker does. */
async function callObject({ binding, name, path, body }) {
  const namespace = await miniflare.getDurableObjectNamespace(binding, NAME);
  const stub = namespace.get(namespace.idFromName(name));
  const response = await stub.fetch(`https://object${path}`, { method: "POST", body: JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: response.status === 200 ? JSON.parse(text) : text };
}

async function stop(code) {
  setTimeout(() => {
    const pid = workerdPid();
    if (pid !== 0) process.kill(pid, "SIGKILL");
    process.exit(code);
  }, GRACE_MS).unref();
  await miniflare?.dispose().catch(() => {});
  process.exit(code);
}

// Ctrl-C reaches the whole group of the terminal: whoever started this decides when it ends.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => stop(0));

// Who started this may stop listening; that is no reason to end.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const lines = createInterface({ input: process.stdin });
let turn; // one line after the other
lines.on("line", (line) => {
  const first = turn === undefined;
  turn = (turn ?? Promise.resolve())
    .then(() => (first ? start : obey)(JSON.parse(line)))
    .catch((error) => {
      say({ error: String(error.message).split("\n")[0] });
      if (first) return stop(1);
    });
});
lines.on("close", () => stop(0));
