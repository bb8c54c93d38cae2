// `easel serve`: the edge in workerd on this machine, with the sandbox if there is no gateway's key.
//
// Owns the order of the steps. Must not configure the edge itself.

import { spawn } from "node:child_process";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { ROOT, ask, configuration, environment, fact, warn } from "./rules.mjs";
import { listen } from "./sandbox.mjs";
import { complete, ensurePrivate, given } from "./secrets.mjs";

const MOST_PORT = 65_535;
const GIVEN = "the one that was given"; // in place of a token that was not generated

export async function run({ port: text, gateway, config, state: place, "behind-proxy": proxied, name }) {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > MOST_PORT) throw new Error(`\`${text}\` is no port`);
  const names = name.map((one) => ask("host", { text: one }));
  const { text: written, path, wrangler } = configuration(config);
  fact("reads", path);
  const read = (url) => ask("variables", { text: written, wrangler, gateway: url ?? null });
  const facts = read(gateway);
  const { provider, key_name: keyName } = facts;
  let { vars, gateway: configured } = facts;
  const key = given(keyName);
  if (gateway !== undefined && key === undefined) {
    throw new Error(`--gateway needs ${keyName} in the environment or in .dev.vars`);
  }
  const state = resolve(place);
  ensurePrivate(state);
  const { secrets, generated } = complete(state);

  let sandbox;
  if (key === undefined) {
    sandbox = await listen();
    configured = sandbox.origin + (provider === "openai" ? "/openai/v1" : "/v1");
    vars = { ...read(configured).vars, EASEL_SANDBOX: "true" };
  }
  const edge = await start({
    port,
    persist: join(state, "objects"),
    vars,
    secrets: { ...secrets, [keyName]: key ?? "sandbox" },
    names,
    proxied,
  });

  const health = await fetch(`${edge.url}/healthz`).then((response) => response.json());
  for (const sentence of health.warnings ?? []) warn(sentence);
  fact(sandbox === undefined ? "gateway" : "sandbox", configured ?? "the provider's own");
  fact("", sandbox === undefined
    ? "pictures are paid with your key"
    : "no gateway key is set: every picture is a sample, and nothing is paid");
  fact("operator's token", generated ?? GIVEN);
  console.log(`\nEasel: ${edge.url}   Ctrl-C stops everything.\n`);

  const ended = await Promise.race([edge.ended, signal()]);
  edge.stop();
  await edge.ended;
  sandbox?.stop();
  if (ended !== "signal") throw new Error("the edge ended by itself");
  process.exit(0);
}

const signal = () =>
  new Promise((done) => {
    for (const name of ["SIGINT", "SIGTERM"]) process.once(name, () => done("signal"));
  });

/** Starts the edge by the driver that `cargo xtask serve` uses too, and waits until it answers. */
async function start(first) {
  const child = spawn(process.execPath, ["--no-warnings", join(ROOT, "edge/workerd.mjs")], {
    stdio: ["pipe", "pipe", "inherit"],
    env: environment(),
  });
  const ended = new Promise((done) => child.once("exit", () => done("ended")));
  // If the driver has ended, it cannot be written to; the first answer below says so.
  child.stdin.on("error", () => {});
  child.stdin.write(`${JSON.stringify(first)}\n`);
  const answer = await new Promise((done) => {
    const lines = createInterface({ input: child.stdout });
    lines.once("line", (line) => done(JSON.parse(line)));
    lines.once("close", () => done({ error: "the edge does not start" }));
  });
  if (answer.ready === undefined) throw new Error(answer.error);
  return { url: answer.ready, ended, stop: () => child.stdin.end() };
}
