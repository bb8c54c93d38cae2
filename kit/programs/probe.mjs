// `easel probe`: asks a real gateway what the sandbox is asked too, and keeps its answers as a fixture.
//
// Owns the calls, their time limit and the file. Must not decide which requests are sent, what they cost or where an
// answer differs, and must not print the key or send it to the sandbox.

import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { GatewayProbe, StandIn, ask, configuration, fact, today } from "./rules.mjs";
import { given } from "./secrets.mjs";

const MOST_ANSWER = 64 * 1024 * 1024;
const MOST_FILES = 1000; // more fixtures of one day are a mistake
const SANDBOX = "http://127.0.0.1"; // where its requests would arrive; nothing listens

/** A refusal of the rules is thrown as its sentence. */
function ruled(call) {
  try {
    return call();
  } catch (sentence) {
    throw typeof sentence === "string" ? new Error(sentence) : sentence;
  }
}

export async function run({ "max-usd": most, gateway, config, out }) {
  if (most === undefined) throw new Error("say by --max-usd how much it may spend, in dollars; 0 sends only what is free for certain");
  const { text, path, wrangler } = configuration(config);
  fact("reads", path);
  const { key_name: keyName } = ask("variables", { text, wrangler, gateway: gateway ?? null });
  const key = given(keyName);
  if (key === undefined) throw new Error(`a probe needs ${keyName} in the environment or in .dev.vars`);
  const probe = ruled(() => new GatewayProbe(text, wrangler, gateway, most, today(), key));
  const { gateway: base, sandbox_base: sandboxBase, total_ms: limit } = JSON.parse(probe.facts());
  fact("gateway", base);
  const standIn = new StandIn(SANDBOX);
  // The file is there before money is spent, and holds every answer as soon as it was compared.
  const file = newFile(resolve(out), (number) => probe.file_name(number));
  for (;;) {
    const { send, say, over } = JSON.parse(probe.turn());
    if (over !== undefined) {
      for (const line of over.lines) fact(...line);
      fact("fixture", file);
      if (over.failure !== null) throw new Error(over.failure);
      return;
    }
    if (say !== undefined) fact(...say);
    if (send !== undefined) {
      const body = send.body ? probe.body() : undefined;
      const expected = sample(standIn, sandboxBase, send, body);
      const seen = await answer(base, send, body, key, limit);
      const lines = ruled(() => probe.answered(head(expected), expected.body, seen && head(seen), seen?.body ?? new Uint8Array()));
      for (const line of JSON.parse(lines)) fact(...line);
    }
    keep(file, ruled(() => probe.fixture()));
  }
}

const head = ({ status, headers }) => JSON.stringify({ status, headers });

/** Makes the next file of a day; no file is written over. */
function newFile(folder, name) {
  mkdirSync(folder, { recursive: true });
  for (let number = 1; number <= MOST_FILES; number += 1) {
    const file = join(folder, name(number));
    try {
      writeFileSync(file, "", { flag: "wx" });
      return file;
    } catch ({ code }) {
      if (code !== "EEXIST") throw new Error(`cannot write ${file} (${code})`);
    }
  }
  throw new Error(`${folder} has ${MOST_FILES} fixtures of today`);
}

function keep(file, text) {
  writeFileSync(`${file}.part`, text);
  renameSync(`${file}.part`, file);
}

/** The sandbox's answer, without the pauses that it would make for a person. */
function sample(standIn, base, { method, path, headers, key }, body) {
  const all = key ? [...headers, ["authorization", "Bearer sandbox"]] : headers;
  const response = standIn.respond(Date.now(), method, base + path, all.flat(), body ?? new Uint8Array());
  if (response === undefined) throw new Error("the sandbox does not answer");
  try {
    const { status, headers: sent, steps } = JSON.parse(response.head());
    const parts = steps.flatMap(({ send = 0 }, at) => (send > 0 ? Array(send).fill(response.bytes(at)) : []));
    return { status, headers: sent, body: Buffer.concat(parts) };
  } finally {
    response.free();
  }
}

/** The gateway's answer; none if it does not come whole. A redirect is an answer, and is not followed. */
async function answer(base, { method, path, headers, key: needsKey }, body, key, limit) {
  const all = needsKey ? [...headers, ["authorization", `Bearer ${key}`]] : headers;
  try {
    const response = await fetch(base + path, { method, headers: all, body, redirect: "manual", signal: AbortSignal.timeout(limit) });
    const chunks = [];
    let bytes = 0;
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length;
      if (bytes > MOST_ANSWER) return undefined;
      chunks.push(chunk);
    }
    return { status: response.status, headers: [...response.headers], body: Buffer.concat(chunks) };
  } catch {
    // An error of the library may quote a header, so that none is repeated.
    return undefined;
  }
}
