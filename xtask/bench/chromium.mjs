// Chromium, driven by its own protocol over a pipe, for the benches.
//
// Owns the browser: when this process ends, for whatever reason, Chromium ends. Must not let a page reach another machine: Chromium
// resolves no host name.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const FLAGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync --disable-extensions --disable-dev-shm-usage --window-size=1280,900 --remote-debugging-pipe";

/**
 * Starts Chromium: `send(method, params, sessionId)` sends a command to it or to one of its pages and returns the result,
 * `subscribe(listener)` calls the listener with every event until the function that it returns is called, `stop()` ends it and
 * deletes its profile.
 */
export async function start(chromium, more = []) {
  const profile = mkdtempSync(join(tmpdir(), "easel-bench-"));
  const browser = spawn(
    chromium,
    [...FLAGS.split(" "), ...more, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", `--user-data-dir=${profile}`, "about:blank"],
    { stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"] },
  );
  const ended = new Promise((done) => browser.once("exit", done));
  const [, , , out, incoming] = browser.stdio;

  let last = 0;
  let rest = "";
  const waiting = new Map();
  const listeners = new Set();
  incoming.setEncoding("utf8");
  incoming.on("data", (text) => {
    const messages = (rest + text).split("\0");
    rest = messages.pop();
    for (const message of messages.map((one) => JSON.parse(one))) {
      const turn = waiting.get(message.id);
      waiting.delete(message.id);
      if (turn === undefined) for (const listen of [...listeners]) listen(message);
      else if (message.error) turn.fail(new Error(`${turn.method}: ${message.error.message}`));
      else turn.done(message.result);
    }
  });
  const send = (method, params = {}, sessionId = undefined) =>
    new Promise((done, fail) => {
      last += 1;
      waiting.set(last, { method, done, fail });
      out.write(`${JSON.stringify({ id: last, method, params, sessionId })}\0`);
    });
  return {
    send,
    subscribe(listen) {
      listeners.add(listen);
      return () => listeners.delete(listen);
    },
    async stop() {
      await send("Browser.close").catch(() => {});
      await ended;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
