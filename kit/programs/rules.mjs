// The rules of `cargo xtask`, compiled to wasm, and where a release's files are.
//
// Owns the call. Must not contain a rule.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const kit = require("./kit/kit.js");

/** The release's folder. */
export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
/** The product's version, and whether its loader is released: a released one never changes. */
export const { version: VERSION, easel: { released: RELEASED } } = require("../package.json");
export const { StandIn, GatewayProbe } = kit;

/** The answer to one question; a refusal is thrown as its sentence. */
export function ask(question, facts) {
  const answer = JSON.parse(kit.decide(JSON.stringify({ ask: question, ...facts })));
  if (answer !== null && typeof answer === "object" && "error" in answer) throw new Error(answer.error);
  return answer;
}

/** The UTC day. */
export const today = () => new Date().toISOString().slice(0, 10);

/** The configuration of this release, as it was built. */
export const SHIPPED = join(ROOT, "edge/wrangler.jsonc");
/** The file that `init` writes into the current folder, and that is read there before the shipped one. */
export const OWN = resolve("wrangler.jsonc");

/** A configuration's text, its path, and whether it has the form of wrangler.jsonc. */
export function configuration(file) {
  const path = file === undefined ? (existsSync(OWN) ? OWN : SHIPPED) : resolve(file);
  let text;
  try {
    text = readFileSync(path, "utf8");
  } catch ({ code }) {
    throw new Error(`cannot read ${path} (${code})`);
  }
  return { text, path, wrangler: file === undefined || /\bwrangler[^/\\]*\.jsonc?$/.test(path) };
}

/** A file of a package that was installed beside this release or above it. */
export function installed(path) {
  for (let folder = ROOT; ; folder = dirname(folder)) {
    const file = join(folder, "node_modules", path);
    if (existsSync(file)) return file;
    if (folder === dirname(folder)) {
      throw new Error(`${path} is not installed; run \`npm ci\` in ${ROOT}`);
    }
  }
}

/** The environment without the secrets: what is started runs the code of others. */
export function environment(more = {}) {
  const bare = { ...process.env, WRANGLER_SEND_METRICS: "false", ...more };
  for (const name of SECRETS) delete bare[name];
  return bare;
}

export const SECRETS = ask("secret_names", {});

export const fact = (label, text) => console.log(`  ${label.padEnd(24)} ${text}`);
export const warn = (sentence) => console.log(`  warning: ${sentence}`);
