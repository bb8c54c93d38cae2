// The stand-in for the gateway on loopback: it listens, and the wasm says what to send.
//
// Owns the connections. Must not know what a response means.

import { createServer } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { StandIn } from "./rules.mjs";

const HOST = "127.0.0.1";
const PORT = 8788;
const MOST_BYTES = 100 * 1024 * 1024;
const LONGEST_PAUSE = 2 ** 31 - 1; // that a timer takes

/** Starts it on its default port or, if that is taken, on any free one; returns its origin. */
export async function listen() {
  const server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 });
  await open(server, PORT).catch(({ code }) => {
    if (code !== "EADDRINUSE") throw new Error(`the sandbox does not start (${code})`);
    return open(server, 0);
  });
  const origin = `http://${HOST}:${server.address().port}`;
  const standIn = new StandIn(origin);
  server.on("request", (request, response) => {
    handle(standIn, request, response).catch((error) => {
      // The client left, which is its right.
      if (!response.destroyed) response.destroy(error);
    });
  });
  return { origin, stop: () => server.closeAllConnections() ?? server.close() };
}

const open = (server, port) =>
  new Promise((done, fail) => {
    server.once("error", fail);
    server.listen(port, HOST, () => {
      server.off("error", fail);
      done();
    });
  });

async function handle(standIn, request, response) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) return response.writeHead(413).end();
    chunks.push(chunk);
  }
  const { method, url, rawHeaders, socket } = request;
  const answer = standIn.respond(Date.now(), method, url, rawHeaders, Buffer.concat(chunks));
  if (answer === undefined) return response.writeHead(400).end();
  try {
    const { status, headers, delay, raw, steps } = JSON.parse(answer.head());
    const left = new AbortController();
    response.once("close", () => left.abort());
    const wait = (time) => pause(Math.min(time, LONGEST_PAUSE), undefined, { signal: left.signal });
    if (delay > 0) await wait(delay);
    if (!raw) response.writeHead(status, headers.flat());
    const out = raw ? socket : response;
    const write = async (part) => {
      if (out.destroyed) throw new Error("the client left");
      if (!out.write(part)) await new Promise((done) => out.once("drain", done).once("close", done));
    };
    for (const [at, step] of steps.entries()) {
      if (step.wait !== undefined) await wait(step.wait);
      else if (step.reset) return socket.resetAndDestroy();
      else if (step.trickle) {
        for (const byte of answer.bytes(at)) {
          await write(Uint8Array.of(byte));
          await wait(1000);
        }
      } else {
        const part = answer.bytes(at);
        for (let sent = 0; sent < step.send && part.length > 0; sent += 1) await write(part);
      }
    }
    out.end();
  } finally {
    answer.free();
  }
}
