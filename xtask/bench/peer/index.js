// A plain JavaScript Worker that handles a picture as Easel's edge does; the edge is compared with it.
//
// It has the same objects, calls, alarm, rows, reads and streams as edge/src, and none of its checks: no sessions, no limits,
// no retries, no time limits. Variables: GATEWAY (base URL), DECODE (fromBase64, Buffer, atob, or whole: the response is
// buffered), READ and CHUNK (bytes, the edge's own).

import { Buffer } from "node:buffer";
import { DurableObject } from "cloudflare:workers";

const HOLD_MS = 15_000;
const WATCH_MS = 15_000;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const QUOTE = 0x22;

const json = (value, status = 200, headers = {}) =>
  new Response(JSON.stringify(value), { status, headers: { "content-type": "application/json", ...headers } });

const call = (stub, path, body) =>
  stub.fetch(`https://object${path}`, body === undefined ? {} : { method: "POST", body: JSON.stringify(body) });

export default {
  async fetch(request, env, context) {
    const [, , part, id, what, index] = new URL(request.url).pathname.split("/");
    if (part === "sessions") return json({ token: "none" }, 201);
    if (part !== "jobs") return new Response(null, { status: 404 });
    if (id === undefined) return create(env, await request.json(), request.headers.get("idempotency-key"));
    const stub = env.JOBS.get(env.JOBS.idFromString(id));
    if (what === "events") return events(stub, request.signal, context);
    const inner = await call(stub, what === "pictures" ? `/pictures/${index}` : "/view");
    return new Response(inner.body, inner);
  },
};

async function create(env, order, key) {
  const id = env.JOBS.newUniqueId();
  const reserved = await call(env.LEDGERS.getByName("demo"), "/reserve", { job: id.toString(), key, worst: 5_000_000 });
  if (reserved.status !== 200) return json({ kind: "budget-spent" }, 503);
  const created = await call(env.JOBS.get(id), "/create", { id: id.toString(), prompt: order.prompt });
  return new Response(created.body, { status: 201, headers: { "content-type": "application/json" } });
}

async function events(stub, signal, context) {
  const state = async (response) => ({
    text: await response.text(),
    revision: response.headers.get("x-revision"),
    last: response.headers.get("x-last") === "true",
  });
  const first = await state(await call(stub, "/view"));
  const pipe = new IdentityTransformStream();
  const writer = pipe.writable.getWriter();
  const encoder = new TextEncoder();
  const sendEvents = async () => {
    for (let now = first; ; ) {
      await writer.write(encoder.encode(`event: job\nid: ${now.revision}\ndata: ${now.text}\n\n`));
      if (now.last) return writer.close();
      for (;;) {
        if (signal.aborted) return;
        const response = await call(stub, `/view?after=${now.revision}`);
        if (response.status === 200) {
          now = await state(response);
          break;
        }
        await writer.write(encoder.encode(":\n\n"));
      }
    }
  };
  context.waitUntil(sendEvents().catch(() => {}));
  return new Response(pipe.readable, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}

export class Ledger extends DurableObject {
  constructor(state, env) {
    super(state, env);
    const { sql } = state.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS reservation (job TEXT PRIMARY KEY, key TEXT UNIQUE, at INTEGER, worst INTEGER, charged INTEGER) WITHOUT ROWID");
    sql.exec("CREATE TABLE IF NOT EXISTS day (day INTEGER PRIMARY KEY, reserved INTEGER, charged INTEGER)");
  }

  async fetch(request) {
    const ask = await request.json();
    const { storage } = this.ctx;
    const { sql } = storage;
    const now = Date.now();
    const day = Math.floor(now / 86_400_000);
    if (request.url.endsWith("/reserve")) {
      const granted = storage.transactionSync(() => {
        if (sql.exec("SELECT job FROM reservation WHERE key = ?", ask.key).toArray().length > 0) return false;
        const [sums] = sql.exec("SELECT reserved + charged AS held FROM day WHERE day = ?", day).toArray();
        if ((sums?.held ?? 0) + ask.worst > 1e15) return false;
        sql.exec("INSERT INTO reservation VALUES (?, ?, ?, ?, NULL)", ask.job, ask.key, now, ask.worst);
        sql.exec("INSERT INTO day VALUES (?, ?, 0) ON CONFLICT DO UPDATE SET reserved = reserved + excluded.reserved", day, ask.worst);
        return true;
      });
      return json({ granted }, granted ? 200 : 503);
    }
    storage.transactionSync(() => {
      const [found] = sql.exec("SELECT worst FROM reservation WHERE job = ? AND charged IS NULL", ask.job).toArray();
      if (found === undefined) return;
      sql.exec("UPDATE reservation SET charged = ? WHERE job = ?", ask.charged, ask.job);
      sql.exec("UPDATE day SET reserved = reserved - ?, charged = charged + ? WHERE day = ?", found.worst, ask.charged, day);
    });
    return json({ charged: ask.charged });
  }
}

export class Job extends DurableObject {
  #sql;
  #record;
  #waiting = [];
  #working = false;

  constructor(state, env) {
    super(state, env);
    this.#sql = state.storage.sql;
    const there = this.#sql.exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'job'").toArray();
    if (there.length > 0) this.#record = JSON.parse(this.#sql.exec("SELECT record FROM job").one().record);
  }

  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    if (pathname === "/create") {
      this.#create(await request.json());
      await this.ctx.storage.setAlarm(Date.now());
      return this.#view();
    }
    if (this.#record === undefined) return new Response(null, { status: 404 });
    if (pathname.startsWith("/pictures/")) return this.#serve(Number(pathname.slice(10)));
    return search === "" ? this.#view() : this.#newer(Number(search.slice("?after=".length)));
  }

  async alarm() {
    if (this.#record.state === "running" || this.#record.state === "queued") {
      if (!this.#working) {
        this.#working = true;
        this.ctx.waitUntil(this.#work());
      }
      await this.ctx.storage.setAlarm(Date.now() + WATCH_MS);
    } else if (this.#record.bytes !== null) {
      this.#sql.exec("DELETE FROM chunk");
      this.#change({ bytes: null });
    }
  }

  #create(made) {
    this.#record = { ...made, revision: 1, state: "queued", created: Date.now(), picture: "pending", bytes: null };
    this.#sql.exec("CREATE TABLE IF NOT EXISTS job (id INTEGER PRIMARY KEY CHECK (id = 1), record TEXT NOT NULL)");
    this.#sql.exec("CREATE TABLE IF NOT EXISTS chunk (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL)");
    this.#sql.exec("INSERT OR REPLACE INTO job (id, record) VALUES (1, ?)", JSON.stringify(this.#record));
  }

  #change(fields) {
    this.#record = { ...this.#record, ...fields, revision: this.#record.revision + 1 };
    this.#sql.exec("UPDATE job SET record = ? WHERE id = 1", JSON.stringify(this.#record));
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #view() {
    const { id, revision, state, picture, bytes, created } = this.#record;
    const last = state === "succeeded" || state === "failed";
    const url = picture === "ready" ? `/v1/jobs/${id}/pictures/0` : null;
    const elapsed_ms = Date.now() - created;
    const view = { id, revision, state, pictures: [{ index: 0, state: picture, url, bytes }], elapsed_ms };
    return json(view, 200, { "x-revision": String(revision), "x-last": String(last) });
  }

  async #newer(after) {
    const until = Date.now() + HOLD_MS;
    while (this.#record.revision <= after) {
      const left = until - Date.now();
      if (left <= 0) return new Response(null, { status: 204 });
      await new Promise((wake) => {
        const timer = setTimeout(wake, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          wake();
        });
      });
    }
    return this.#view();
  }

  async #work() {
    this.#change({ state: "running" });
    let cost;
    try {
      const response = await fetch(`${this.env.GATEWAY}/images/generations`, {
        method: "POST",
        headers: { authorization: "Bearer none", "content-type": "application/json", accept: "application/json" },
        body: JSON.stringify({ model: "openai/gpt-image-1-mini", prompt: this.#record.prompt, n: 1, size: "1024x1024" }),
        redirect: "manual",
      });
      if (response.status !== 200) throw new Error(`status ${response.status}`);
      const whole = this.env.DECODE === "whole";
      cost = whole ? await this.#buffer(response) : await this.#stream(response.body);
    } catch (error) {
      console.error(error.stack);
      this.#change({ picture: "failed" });
    }
    const charged = Math.round(Number(cost ?? 0) * 1e9);
    await call(this.env.LEDGERS.getByName("demo"), "/settle", { job: this.#record.id, charged });
    this.#change({ state: this.#record.picture === "ready" ? "succeeded" : "failed" });
    this.#working = false;
    await this.ctx.storage.setAlarm(Date.now() + 3_600_000);
  }

  /** Decodes while it streams. Returns the cost that the response reports. */
  async #stream(body) {
    const rows = new Rows(this.#sql, Number(this.env.CHUNK), DECODERS[this.env.DECODE]);
    const reader = body.getReader({ mode: "byob" });
    let buffer = new ArrayBuffer(Number(this.env.READ));
    let around = ""; // the text before and after the picture
    let picture = "awaited";
    for (;;) {
      const { done, value } = await reader.read(new Uint8Array(buffer));
      if (done) break;
      buffer = value.buffer;
      let piece = value;
      if (picture === "awaited") {
        const before = around.length;
        around += latin1(piece);
        const found = /"b64_json"\s*:\s*"/.exec(around);
        if (found === null) continue;
        const start = found.index + found[0].length;
        piece = piece.subarray(start - before);
        around = `${around.slice(0, start)}"`;
        picture = "open";
      }
      if (picture === "open") {
        const end = piece.indexOf(QUOTE);
        rows.push(end < 0 ? piece : piece.subarray(0, end));
        if (end < 0) continue;
        rows.close();
        this.#change({ picture: "ready", bytes: rows.bytes });
        piece = piece.subarray(end + 1);
        picture = "closed";
      }
      around += latin1(piece);
    }
    if (picture !== "closed") throw new Error("truncated");
    return JSON.parse(around).providerMetadata?.gateway?.cost;
  }

  /** Reads the whole response, decodes it, stores it. */
  async #buffer(response) {
    const answer = await response.json();
    const bytes = Buffer.from(answer.data[0].b64_json, "base64");
    const chunk = Number(this.env.CHUNK);
    check(bytes);
    for (let position = 0; position * chunk < bytes.length; position += 1) {
      insert(this.#sql, position, bytes.subarray(position * chunk, (position + 1) * chunk));
    }
    this.#change({ picture: "ready", bytes: bytes.length });
    return answer.providerMetadata?.gateway?.cost;
  }

  #serve(index) {
    const { bytes } = this.#record;
    if (bytes === null) return new Response(null, { status: 404 });
    const headers = {
      "content-type": "image/png",
      "cache-control": "private, max-age=3600, immutable",
      "content-disposition": `inline; filename="peer-${index + 1}.png"`,
      "content-length": String(bytes),
      "accept-ranges": "none",
    };
    if (this.env.DECODE === "whole") {
      const rows = this.#sql.exec("SELECT bytes FROM chunk ORDER BY id").toArray();
      return new Response(Buffer.concat(rows.map((row) => Buffer.from(row.bytes))), { headers });
    }
    const pipe = new FixedLengthStream(bytes);
    const writer = pipe.writable.getWriter();
    const write = async () => {
      for (let position = 0; ; position += 1) {
        const rows = this.#sql.exec("SELECT bytes FROM chunk WHERE id = ?", position);
        const { done, value } = rows.next();
        if (done) return writer.close();
        await writer.write(new Uint8Array(value.bytes));
      }
    };
    this.ctx.waitUntil(write().catch(() => {}));
    return new Response(pipe.readable, { headers });
  }
}

/** Collects base64 until a row is full, decodes it, stores it. */
class Rows {
  bytes = 0;
  #position = 0;
  #filled = 0;
  #text;

  constructor(sql, chunk, decode) {
    this.sql = sql;
    this.decode = decode;
    this.#text = new Uint8Array(Math.ceil(chunk / 3) * 4);
  }

  push(piece) {
    for (let from = 0; from < piece.length; ) {
      const part = piece.subarray(from, from + this.#text.length - this.#filled);
      this.#text.set(part, this.#filled);
      this.#filled += part.length;
      from += part.length;
      if (this.#filled === this.#text.length) this.#flush();
    }
  }

  close() {
    if (this.#filled > 0) this.#flush();
  }

  #flush() {
    const bytes = this.decode(latin1(this.#text.subarray(0, this.#filled)));
    if (this.#position === 0) check(bytes);
    insert(this.sql, this.#position, bytes);
    this.bytes += bytes.length;
    this.#position += 1;
    this.#filled = 0;
  }
}

const DECODERS = {
  fromBase64: (text) => Uint8Array.fromBase64(text),
  Buffer: (text) => Buffer.from(text, "base64"),
  atob: (text) => {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at);
    return bytes;
  },
};

function latin1(bytes) {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).latin1Slice(0, bytes.byteLength);
}

function check(bytes) {
  if (!PNG.every((byte, at) => bytes[at] === byte)) throw new Error("no PNG");
}

function insert(sql, position, bytes) {
  sql.exec("INSERT INTO chunk VALUES (?, ?)", position, bytes);
}
