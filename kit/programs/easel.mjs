#!/usr/bin/env node
// `easel init`, `serve`, `check`, `deploy` and `probe`: the commands of a release, for a machine with Node alone.
//
// Owns the command line and the exit codes. Must not decide anything about a configuration: `rules.mjs` asks for that.

import { createRequire } from "node:module";
import { parseArgs } from "node:util";

const { engines } = createRequire(import.meta.url)("../package.json");
const numbers = (text) => text.match(/\d+/g).map(Number);
const [[major, minor], [least, part]] = [process.versions.node, engines.node].map(numbers);
if (major < least || (major === least && minor < part)) {
  console.error(`Node ${engines.node} is needed; this is ${process.versions.node}.`);
  process.exit(1);
}
const { VERSION } = await import("./rules.mjs");

const HELP = `Easel ${VERSION}

easel init
  Writes the configuration to edit, wrangler.jsonc, into the current folder.
easel serve [--port N] [--gateway URL] [--config FILE] [--state DIR] [--behind-proxy] [--name HOST]
  Starts Easel on this machine. Without AI_GATEWAY_API_KEY in the environment every picture is a sample.
easel check [--config FILE]
  Says what is wrong with a configuration and what its operator should know.
easel deploy --url URL [--config FILE] [--wait SECONDS] [--dry-run]
easel deploy --first [--url URL] [--config FILE] [--dry-run]
  Deploys to Cloudflare without interrupting a job. EASEL_OPERATOR_TOKEN authorises the calls to the running edge.
easel probe --max-usd USD [--gateway URL] [--config FILE] [--out DIR]
  Compares the real gateway with the sandbox, for at most that sum: needs the gateway's key in the environment, prints
  where the answers differ, and keeps them as a dated fixture without the key. With --max-usd 0 only what is free for
  certain is sent. Exit code 0 means that every answer was the same.

FILE has the form of wrangler.jsonc, or, for serve, check and probe, is one object with the configuration. Without --config the
current folder's wrangler.jsonc is read, else the one of this release.
`;

const TEXT = { type: "string" };
const FLAG = { type: "boolean", default: false };
const COMMANDS = {
  init: {},
  serve: {
    port: { ...TEXT, default: "8787" },
    gateway: TEXT,
    config: TEXT,
    state: { ...TEXT, default: ".easel" },
    "behind-proxy": FLAG,
    name: { ...TEXT, multiple: true, default: [] },
  },
  check: { config: TEXT },
  deploy: { url: TEXT, first: FLAG, config: TEXT, wait: TEXT, "dry-run": FLAG },
  probe: { "max-usd": TEXT, gateway: TEXT, config: TEXT, out: { ...TEXT, default: "." } },
};

/** Ends with exit code 2, as every wrong command line does. */
function misused(reason) {
  console.error(`${reason}\n\n${HELP}`);
  process.exit(2);
}

const [command, ...words] = process.argv.slice(2);
if (command === undefined || command === "--help" || words.includes("--help")) {
  console.log(HELP);
  process.exit(command === undefined ? 2 : 0);
}
if (!Object.hasOwn(COMMANDS, command)) misused(`\`${command}\` is no command.`);
let options;
try {
  options = parseArgs({ args: words, options: COMMANDS[command] }).values;
} catch ({ message }) {
  misused(message);
}
try {
  const { run } = await import(`./${command}.mjs`);
  await run(options);
} catch (error) {
  console.error(`\nError: ${error.message}`);
  process.exit(1);
}
