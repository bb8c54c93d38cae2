// The edge's secrets on this machine: from the environment, else from `.dev.vars` in the current folder, else generated
// once and kept in the state's folder.
//
// Owns where each comes from. Must not print one, and must not generate a gateway's key.

import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ask } from "./rules.mjs";

export const OPERATOR_TOKEN = "EASEL_OPERATOR_TOKEN";
const GENERATED = ["EASEL_SIGNING_KEY", OPERATOR_TOKEN];
const OWN = [...GENERATED, "TURNSTILE_SECRET_KEY"];
const OTHERS = 0o077; // the bits of a mode that let others in

const lines = (file) => {
  try {
    return ask("secrets", { text: readFileSync(file, "utf8") });
  } catch ({ code }) {
    if (code === "ENOENT") return {};
    throw new Error(`cannot read ${file} (${code})`);
  }
};

/** A secret that is set and not empty; the environment takes precedence. */
export const given = (name) => process.env[name] || lines(".dev.vars")[name] || undefined;

/** Makes the state's folder, which holds prompts, pictures and secrets: private to its owner. */
export function ensurePrivate(state) {
  mkdirSync(state, { recursive: true, mode: 0o700 });
  if (process.platform !== "win32" && (statSync(state).mode & OTHERS) !== 0) {
    throw new Error(`${state} is open to other users: name another folder with --state, or close it with \`chmod 700 ${state}\``);
  }
}

/** All secrets but the gateway's key, and the operator's token if it was generated. */
export function complete(state) {
  const file = join(state, "secrets");
  const kept = lines(file);
  const all = { ...kept };
  for (const name of GENERATED) {
    if (kept[name] === undefined && given(name) === undefined) all[name] = randomBytes(32).toString("hex");
  }
  if (Object.keys(all).length !== Object.keys(kept).length) {
    rmSync(file, { force: true });
    const text = Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(file, text.join(""), { mode: 0o600, flag: "wx" });
  }
  const generated = given(OPERATOR_TOKEN) === undefined ? all[OPERATOR_TOKEN] : undefined;
  for (const name of OWN) {
    const value = given(name);
    if (value !== undefined) all[name] = value;
  }
  return { secrets: all, generated };
}
