// `easel deploy`: deploys this release without interrupting a job and without opening a site that somebody closed.
//
// Owns the order of the steps: every step that can refuse comes before the first one that changes anything. Must not
// print a secret, and must not repeat a response's text.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { edgeAt } from "./edge.mjs";
import { RELEASED, ROOT, VERSION, ask, configuration, environment, fact, installed, today, warn } from "./rules.mjs";

const TOKEN = "EASEL_OPERATOR_TOKEN";
const PAUSE_MS = 2000; // between two requests to an edge
const HEALTH_MS = 120_000; // how long the new version may take to answer; a new address first gets its certificate
const ATTEMPTS = 5; // at opening a site again
const MOST_WAIT = 86_400;

export async function run({ url, first, config, wait, "dry-run": dry }) {
  if (url === undefined && !first && !dry) throw new Error("name the running edge by --url, or say --first if none runs yet");
  if (wait !== undefined && (!/^\d+$/.test(wait) || Number(wait) > MOST_WAIT)) throw new Error(`--wait takes seconds up to ${MOST_WAIT}`);
  if (process.env.CLOUDFLARE_ENV) {
    throw new Error("CLOUDFLARE_ENV is set, and wrangler would deploy that environment; what is checked and deployed here is the file's top level");
  }
  if (!RELEASED) {
    const sentence = `this is ${VERSION}, whose loader is not released: it may still change, so only a released version is deployed`;
    if (!dry) throw new Error(sentence);
    warn(sentence);
  }
  const { text, path } = configuration(config);
  fact("reads", path);
  const found = ask("deployment", { text, today: today() });
  found.warnings.forEach(warn);
  if (found.refusals.length > 0) {
    throw new Error(`the configuration is not safe to deploy:\n- ${found.refusals.join("\n- ")}`);
  }
  fact("configuration", "safe to deploy");
  fact("sites", found.sites.join(", "));
  for (const network of found.networks) fact("one network", network);
  const address = url === undefined ? undefined : ask("address", { text: url });
  const token = operatorToken(address !== undefined && !first && !dry);
  const edge = address === undefined ? undefined : edgeAt(address, token);

  const folder = mkdtempSync(join(tmpdir(), "easel-deploy-"));
  try {
    const file = join(folder, "wrangler.json");
    const built = { main: join(ROOT, "edge/build/index.js"), assets: join(ROOT, "dist") };
    writeFileSync(file, JSON.stringify(ask("wrangler_file", { text, ...built })));
    await checkSecrets(found, path, file, dry);
    if (dry) {
      if (edge !== undefined && !first && token !== undefined) {
        await edge.switches(found.sites).then(told, ({ message }) => warn(`the running edge was not checked: ${message}`));
      }
      await upload(file, true);
      fact("wrangler deploy --dry-run", "would be deployed");
      console.log("\nNothing was changed.");
      return;
    }
    const switches = edge !== undefined && !first ? await edge.switches(found.sites) : { open: [], closed: [] };
    told(switches);
    const jobs = wait === undefined ? found.longest_ms : Number(wait) * 1000;
    await between(edge, switches.open, jobs, () => upload(file, false));
    fact("deployed", VERSION);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const told = ({ open, closed }) => {
  fact("closed for the deploy", open.join(", ") || "no site");
  fact("stays closed", closed.join(", ") || "no site");
};

/** Closes sites, waits for their jobs, uploads, and opens what was closed here, whatever happens in between. */
async function between(edge, open, jobs, renew) {
  const closed = [];
  const stop = new AbortController();
  const interrupt = () => stop.abort(new Error("interrupted; /healthz tells which version runs"));
  for (const name of ["SIGINT", "SIGTERM"]) process.on(name, interrupt);
  let failure;
  try {
    for (const site of open) {
      closed.push(site); // before the request is sent, since the response may be lost
      await edge.switch(site, false);
    }
    if (closed.length > 0) await jobsEnd(edge, jobs, stop.signal);
    stop.signal.throwIfAborted();
    await renew();
    if (edge !== undefined) await answers(edge, stop.signal);
  } catch (error) {
    failure = stop.signal.reason ?? error;
  }
  const shut = [];
  for (const site of closed) if (!(await opened(edge, site))) shut.push(site);
  if (shut.length > 0) {
    const sentence = `these sites are still closed: ${shut.join(", ")}; open each by PUT /v1/operator/switch`;
    throw new Error(failure === undefined ? `it is deployed, but ${sentence}` : `${failure.message}\n\nand ${sentence}`);
  }
  if (failure !== undefined) throw failure;
}

async function jobsEnd(edge, longest, signal) {
  for (const end = Date.now() + longest; ; await pause(PAUSE_MS, undefined, { signal })) {
    // A request that fails is repeated, since this may take minutes.
    const seen = await edge.reserved().catch(({ message }) => message);
    if (seen === "0") return;
    if (Date.now() >= end) throw new Error(`jobs may still run, so nothing was deployed (${seen} USD); try later, or wait longer with --wait SECONDS`);
  }
}

async function answers(edge, signal) {
  for (const end = Date.now() + HEALTH_MS; ; await pause(PAUSE_MS, undefined, { signal })) {
    const { easel, misconfigured, other } = await edge.health();
    if (easel?.version === VERSION) {
      if (easel.sandbox) throw new Error("the new edge reports that it runs on a sandbox");
      return;
    }
    const seen = other ?? (misconfigured ? "it is misconfigured; its log says why" : `it still answers ${easel.version}`);
    if (Date.now() >= end) throw new Error(`the edge does not answer as ${VERSION}: ${seen}`);
  }
}

/** Whether a site is open, or no longer served. */
async function opened(edge, site) {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    try {
      await edge.switch(site, true);
      return true;
    } catch (error) {
      if (error.unknown) return true;
      await pause(PAUSE_MS);
    }
  }
  return false;
}

function operatorToken(needed) {
  const token = process.env[TOKEN]?.trim() || undefined;
  if (token === undefined && needed) throw new Error(`${TOKEN} is missing in the environment: it closes and opens the sites`);
  if (token !== undefined && !ask("token", { text: token })) {
    throw new Error(`${TOKEN} is not a token, which has 32 visible characters or more`);
  }
  return token;
}

/** Compares the account's secrets with those that the configuration needs. */
async function checkSecrets({ name, secrets: needed }, path, file, dry) {
  const { ok, output } = await wrangler(["secret", "list", "--format", "json", "--config", file]);
  const { refusal, unknown } = ask("account", {
    needed, listed: ok, output, folder: "this folder", wrangler: "npx wrangler", file: relative(process.cwd(), path),
  });
  if (unknown !== undefined) {
    const sentence = `the account's secrets cannot be listed; log in by \`npx wrangler login\`, or set CLOUDFLARE_API_TOKEN.\n\n${unknown}`;
    if (!dry) throw new Error(sentence);
    warn(`the secrets were not checked: ${sentence}`);
  } else if (refusal !== null) throw new Error(`${name} cannot be deployed: ${refusal}`);
  else fact("secrets", needed.join(", "));
}

async function upload(file, dry) {
  const { ok, output } = await wrangler(["deploy", "--config", file, ...(dry ? ["--dry-run"] : [])]);
  const { targets, sentences } = ask("deployed", { output });
  if (!ok) throw new Error(`\`wrangler deploy\` failed:\n\n${sentences}`);
  for (const target of targets) fact("served at", target);
}

/** Runs wrangler to its end. An upload is not interrupted, since its outcome would be unknown. */
function wrangler(words) {
  const program = installed("wrangler/wrangler-dist/cli.js");
  const child = spawn(process.execPath, ["--no-warnings", program, ...words], {
    stdio: ["ignore", "pipe", "pipe"],
    env: environment(),
    detached: process.platform !== "win32",
  });
  const out = [];
  const errors = [];
  child.stdout.on("data", (part) => out.push(part));
  child.stderr.on("data", (part) => errors.push(part));
  return new Promise((done, fail) => {
    child.once("error", () => fail(new Error("wrangler cannot be started")));
    child.once("close", (code) => {
      // The list of secrets is on stdout alone; a failure is told on both.
      const parts = code === 0 && words[0] === "secret" ? out : [...out, ...errors];
      done({ ok: code === 0, output: Buffer.concat(parts).toString() });
    });
  });
}
