// Runs the built Worker in real workerd, for `cargo xtask serve` and for the tests; never deployed.
//
// Owns the workerd process. Must not contain configuration: wrangler itself reads date, flags, objects and assets from
// wrangler.jsonc, so that the same Worker runs here and in production. Variables and secrets come from the parent process.
//
// stdin, one JSON object a line: first
// {port, persist, vars, secrets, names?, proxied?, config?, configured?, bare?, inspect?, main?, ledger?, assets?, dev?},
// then commands.
// names: what the header Host may say beside this machine's own names. With proxied, CF-Connecting-IP and
// X-Forwarded-Proto are believed, since a proxy in front sets them; without it they are dropped.
// With configured, what an earlier driver's first answer said of the same file, wrangler is not loaded to read it again:
// loading it takes a second.
// With assets: "<folder>", the asset files come from that folder.
// With dev: {"assets": "<folder>"}, dev.mjs runs before the Worker, whose asset files come from that folder.
// The end of stdin stops everything, so that no process outlives a parent that was killed.
//   {"evict": {"class": "Job", "id": "<hex>"}}, or "name" for an object that has a name  ->  {"evicted": true}
//   {"stored": {"class": "Job", "query": "SELECT …"}}: of every object of that class  ->  {"rows": [[…], …]}
//   {"call": {"binding": "LEDGERS", "name": "demo", "path": "/demo/closed", "body": …}}  ->  {"status": 200, "body": …}
//   {"reload": {"vars": {…}}}: restarts workerd with these and the files that are in the build's folders now  ->  {"pid": N}
// stdout, one JSON object a line: {"ready": URL, "pid": N, "configured": …} or {"error": "…"}, then one answer to each
// command.
// stderr: the Worker's log.
// Decision: docs/decisions/2026-11-29-own-front-worker.md.

import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

// No telemetry is sent, and wrangler does not read secrets from a file on its own.
process.env.WRANGLER_SEND_METRICS = "false";
process.env.WRANGLER_LOG = "error";
process.env.CLOUDFLARE_LOAD_DEV_VARS_FROM_DOT_ENV = "false";
// The objects' data holds prompts and pictures: files and folders that this process and workerd make are their owner's.
process.umask(0o077);
// stdout carries only the protocol: whatever a library prints goes to the log.
console.log = console.info = console.debug = console.error;

// Both are CommonJS. For an `import`, Node would parse their megabytes twice: first only to find the names of their exports.
const require = createRequire(import.meta.url);
const { Log, LogLevel, Miniflare, Response, convertV4MiniflareOptions } = require("miniflare");

const NAME = "easel";
const FRONT_NAME = "front";
const HOST = "127.0.0.1"; // only this machine can connect
const NAMES = ["localhost", HOST, "[::1]"]; // that the header Host may say
const HEALTH = "/healthz";
const PROBE_BYTES = 64 * 1024; // more than a new object needs
const PROBE_MS = 3000; // for how long the answer of a probe holds
const GRACE_MS = 3000; // a workerd that has not stopped by then is killed
const HERE = dirname(fileURLToPath(import.meta.url));
const CONFIG = resolve(HERE, "wrangler.jsonc");

/**
 * A Worker that does what Cloudflare does before it calls the edge. It replaces Miniflare's own, which compresses a response
 * again by the first coding that the browser names: Chromium would get gzip of a file that is stored as brotli.
 */
const FRONT = `
const COMPRESSED = /^(text\\/(html|css|plain|javascript)|application\\/(json|javascript|wasm)|image\\/svg\\+xml)(;|$)/;

const takes = (accepted, coding) => accepted.split(",").some((one) => {
  const [name, weight] = one.split(";").map((part) => part.trim());
  return name === coding && !/^q=0(\\.0*)?$/.test(weight ?? "");
});

const ELSEWHERE = "This edge answers only to the names of its own machine, such as localhost, and to those that " +
  "\`cargo xtask serve\` was given by --name.\\n";

/** Whether a host, perhaps with a port, is one of these names. */
const isOne = (host, names) => {
  const url = URL.parse("http://" + host);
  return url !== null && url.pathname === "/" && names.includes(url.hostname);
};

/** For a name of somebody else that was pointed to this machine, so that a page there could read what is here. */
const elsewhere = () => new Response(ELSEWHERE, {
  status: 421,
  headers: {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
  },
});

export default {
  async fetch(request, { WORKER, DISK, NAMES, PROXIED }) {
    const accepted = request.headers.get("Accept-Encoding") ?? "";
    const url = URL.parse(request.url);
    if (url === null || ![url.host, request.headers.get("Host")].every((host) => isOne(host, NAMES))) return elsewhere();
    if (url.pathname === "${HEALTH}") {
      const disk = await DISK.fetch("http://disk/");
      if (!disk.ok) return disk;
    }
    if (PROXIED && request.headers.get("X-Forwarded-Proto") === "https") url.protocol = "https:";
    const asked = new Request(url, request);
    asked.headers.set("Accept-Encoding", "br, gzip");
    // Only this machine can connect, so that is the address of every connection.
    if (!PROXIED || !asked.headers.has("CF-Connecting-IP")) asked.headers.set("CF-Connecting-IP", "${HOST}");
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
let folder; // of the objects' data
let running; // the options of the first line, with the port in use
let starts = 0; // the number of workerd's starts; each may have another build
let ledgerScript = NAME; // the script that has the class `Ledger`

const send = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

/** The modules of a build: one bundled script, and the wasm that it imports; in development dev.mjs before them. */
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

/** What wrangler reads in a configuration, as JSON. */
function read(config) {
  const { unstable_getMiniflareWorkerOptions: workerOptionsOf } = require("wrangler");
  const { workerOptions, main } = workerOptionsOf(resolve(config ?? CONFIG));
  return { workerOptions, main };
}

/** Translates the options of the first line into Miniflare's, with what was read of the configuration. */
function optionsOf(asked, configured) {
  const { persist, vars, secrets, bare, inspect, main: built, assets, ledger, dev, ...access } = asked;
  const { workerOptions } = structuredClone(configured);
  // With asset files, Miniflare runs two Workers of its own before this one.
  if (bare) delete workerOptions.assets;
  if (assets !== undefined) workerOptions.assets.directory = assets;
  if (dev !== undefined) workerOptions.assets.directory = dev.assets;
  starts += 1;
  const main = built ?? configured.main;
  // A test may replace the Ledger with a broken one, to check that it would notice.
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
        // These replace the variables of wrangler.jsonc, also if the parent passes none.
        bindings: { ...vars, ...secrets, ...(dev && { DEV_VERSION: String(starts) }) },
      },
      front(access, workerOptions),
      ...others,
    ],
  });
}

/** The Worker that receives the requests first. */
function front({ port, names = [], proxied = false }, { compatibilityDate, compatibilityFlags }) {
  return {
    name: FRONT_NAME,
    modules: [{ type: "ESModule", path: "front.mjs", contents: FRONT }],
    compatibilityDate,
    compatibilityFlags,
    bindings: { NAMES: [...NAMES, ...names], PROXIED: proxied },
    serviceBindings: { WORKER: NAME, DISK: disk },
    unsafeDirectSockets: [{ host: HOST, port }],
  };
}

let probed; // {at, error} of the last probe

/**
 * Whether a new file can be written beside the objects' data. On a full disk SQLite still overwrites what it has, so that
 * a Ledger can write, while no new job can.
 */
function disk() {
  if (probed === undefined || Date.now() - probed.at >= PROBE_MS) probed = { at: Date.now(), error: probe() };
  const { error } = probed;
  const headers = { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" };
  if (error === undefined) return new Response(null, { status: 204 });
  return new Response(`No job can be stored: the edge's disk cannot be written (${error}).\n`, { status: 503, headers });
}

/** Writes a file and deletes it again; returns the code of the error. */
function probe() {
  const file = resolve(folder, ".probe");
  try {
    writeFileSync(file, Buffer.alloc(PROBE_BYTES, 1));
  } catch ({ code, message }) {
    return code ?? message;
  } finally {
    rmSync(file, { force: true });
  }
}

/** A script whose class `Ledger` replaces the real one in the binding. */
function anotherLedger(script, workerOptions, bindings) {
  ledgerScript = "ledger";
  const place = { className: "Ledger", scriptName: ledgerScript, useSQLite: true };
  workerOptions.durableObjects = { ...workerOptions.durableObjects, LEDGERS: place };
  const { compatibilityDate } = workerOptions;
  const durableObjects = { LEDGERS: { className: "Ledger", useSQLite: true } };
  return { name: ledgerScript, modules: true, scriptPath: script, compatibilityDate, durableObjects, bindings };
}

/** Checks the port first: workerd's own error does not say that a port is taken. */
function assertFree(port) {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once("error", ({ code }) => {
      fail(new Error(code === "EADDRINUSE" ? `port ${port} is taken` : `cannot listen on ${HOST}:${port} (${code})`));
    });
    probe.listen(port, HOST, () => probe.close(done));
  });
}

/** The id of workerd, which is a child of this process; 0 where there is no /proc. After a crash Miniflare starts another. */
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
  const configured = asked.configured ?? read(asked.config);
  miniflare = new Miniflare(optionsOf(asked, configured));
  await miniflare.ready;
  const url = await miniflare.unsafeGetDirectURL(FRONT_NAME);
  running = { ...asked, port: Number(url.port) };
  send({ ready: url.origin, pid: workerdPid(), configured });
}

/** Loads a new build and other variables: the port and the objects' data stay. */
async function reload({ vars }) {
  running = { ...running, vars };
  await miniflare.setOptions(optionsOf(running, read(running.config)));
  await miniflare.ready;
  send({ pid: workerdPid() });
}

async function execute(command) {
  if (command.reload !== undefined) return reload(command.reload);
  if (command.call !== undefined) return send(await callObject(command.call));
  if (command.stored !== undefined) return send({ rows: await stored(command.stored) });
  if (command.evict === undefined) throw new Error(`unknown command ${Object.keys(command)}`);
  const { class: of, ...which } = command.evict;
  const script = of === "Ledger" ? ledgerScript : NAME;
  // The runtime has already evicted an object that was idle for a while.
  const idle = ({ message }) => {
    if (!message.includes("not currently running")) throw new Error(message);
    return false;
  };
  const evicted = await miniflare.unsafeEvictDurableObject(script, of, which).then(() => true, idle);
  send({ evicted });
}

/** The rows in storage, read from the databases without the objects. */
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

/** Calls an object as the Worker does. */
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

// Ctrl-C reaches the terminal's whole process group; the parent decides when this process ends.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => stop(0));

// The parent may stop reading stdout and stderr; the resulting errors must not end this process.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

const lines = createInterface({ input: process.stdin });
let turn; // lines are executed one after the other
lines.on("line", (line) => {
  const first = turn === undefined;
  turn = (turn ?? Promise.resolve())
    .then(() => (first ? start : execute)(JSON.parse(line)))
    .catch((error) => {
      send({ error: String(error.message).split("\n")[0] });
      if (first) return stop(1);
    });
});
lines.on("close", () => stop(0));
