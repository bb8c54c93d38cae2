// Owns how a page is opened, evaluated and operated. Must not know what is measured.

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** The CPU slow-down for which the goals hold. */
export const SLOWER = 4;
/** The time limit of anything that a page does, also on a busy machine. */
const PATIENCE_MS = 60_000;

/** A script that runs before the page's own: it records the duration of events, and when a picture was shown. */
const PROBE = `globalThis.bench = { events: [], watches: false, shown: [] };
new PerformanceObserver((list) => bench.events.push(...list.getEntries().filter(({ interactionId }) => interactionId).map(({ duration }) => duration))).observe({ type: "event", durationThreshold: 16 });
// Resolves in the task after the next frame, when that frame has been handed to the compositor.
bench.frame = () => new Promise((done) => requestAnimationFrame(() => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = done;
  port2.postMessage(0);
}));
document.addEventListener("load", async ({ target }) => {
  if (!bench.watches || target.tagName !== "IMG") return;
  await target.decode();
  await bench.frame();
  bench.shown.push(Date.now());
}, true);
`;

/** Opens pages of one browser. */
export class Pages {
  constructor({ send, subscribe, stop, edges, upstream, begin }) {
    Object.assign(this, { send, subscribe, stop, edges, upstream, begin, last: 0 });
  }

  /** The prompt of a new picture; each picture has other bytes. */
  order(bytes) {
    this.last += 1;
    return { number: this.last, prompt: `bench ${this.last} ${bytes} steady` };
  }

  /** A visitor, with storage that other visitors do not share. */
  async visitor() {
    const { browserContextId } = await this.send("Target.createBrowserContext");
    return browserContextId;
  }

  /**
   * Opens a page for a visitor: `studio`, `studio/SITE`, `old` for the studio of an older build, or the file of that name beside
   * this one. Its orders are sent in the form that `order` makes. `before` is done with the page before it is loaded; `url` is
   * loaded in place of its own address.
   */
  async open(name, visitor, order = undefined, { before, url } = {}) {
    const { targetId } = await this.send("Target.createTarget", { url: "about:blank", browserContextId: visitor });
    const { sessionId } = await this.send("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, name, targetId, sessionId, order, url);
    await page.send("Page.enable");
    await page.send("Page.addScriptToEvaluateOnNewDocument", { source: PROBE });
    // The hand-written pages are served on the edge's own origin; requests of all pages are intercepted alike.
    const paths = order ? ["bench/*", "v1/jobs"] : ["bench/*"];
    await page.send("Fetch.enable", { patterns: paths.map((path) => ({ urlPattern: `${page.edge}/${path}` })) });
    await before?.(page);
    await page.load();
    return page;
  }

  /** Runs `work` in a new browser, in which nothing else has run, and returns its result. */
  async apart(work) {
    const pages = await this.begin();
    try {
      return await work(pages);
    } finally {
      await pages.stop();
    }
  }

  /** Closes all pages of a visitor and deletes their storage. */
  async leave(visitor) {
    await this.send("Target.disposeBrowserContext", { browserContextId: visitor });
  }
}

class Page {
  constructor(pages, name, targetId, sessionId, order, url) {
    const edge = name === "old" ? pages.edges.old : pages.edges.studio;
    Object.assign(this, { pages, name, targetId, sessionId, order, edge, url });
    pages.subscribe(({ method, params, sessionId: from }) => {
      if (from !== sessionId) return;
      if (method === "Page.loadEventFired") this.loaded?.();
      if (method !== "Fetch.requestPaused") return;
      if (params.request.url.endsWith("/v1/jobs")) this.forward(params);
      else this.fulfill(params.requestId);
    });
  }

  send(method, params = {}) {
    return this.pages.send(method, params, this.sessionId);
  }

  /** Forwards an intercepted order, rewritten by `order`. */
  forward({ requestId, request: { postData } }) {
    const body = JSON.stringify(this.order(JSON.parse(postData)));
    this.send("Fetch.continueRequest", { requestId, postData: Buffer.from(body).toString("base64") });
  }

  fulfill(requestId) {
    const html = readFileSync(new URL(`${this.name}.html`, import.meta.url), "utf8").replaceAll("UPSTREAM", this.pages.upstream);
    const responseHeaders = [{ name: "content-type", value: "text/html; charset=utf-8" }];
    this.send("Fetch.fulfillRequest", { requestId, responseCode: 200, responseHeaders, body: Buffer.from(html).toString("base64") });
  }

  /** Loads or reloads the page, and waits until it can be used. */
  async load() {
    const path = this.name === "studio" || this.name === "old" ? "studio/demo" : this.name.startsWith("studio/") ? this.name : `bench/${this.name}`;
    const loaded = new Promise((done) => (this.loaded = done));
    await this.send("Page.navigate", { url: this.url ?? `${this.edge}/${path}` });
    await loaded;
    await this.until(`!document.querySelector("#composer") || !!document.querySelector("#composer[data-ready], #root[data-started]")`);
  }

  async close() {
    await this.pages.send("Target.closeTarget", { targetId: this.targetId });
  }

  /** The value of an expression in the page; promises are awaited. */
  async eval(expression) {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true, userGesture: true });
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    return result.value;
  }

  /** Waits until an expression is true. */
  async until(expression) {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(50)) if (await this.eval(expression)) return;
    throw new Error(`did not become true on ${this.name}: ${expression}; the page's text: ${await this.eval("document.body.innerText")}`);
  }

  slow(rate) {
    return this.send("Emulation.setCPUThrottlingRate", { rate });
  }

  /** Makes a picture as a visitor does. Returns when Create was pressed. */
  create(prompt) {
    return this.eval(`{ const field = document.getElementById("prompt"); field.focus(); field.value = ${JSON.stringify(prompt)}; field.dispatchEvent(new Event("input")); const at = Date.now(); document.getElementById("create").click(); at }`);
  }

  /** Presses a key; the page gets the same events as from a keyboard. */
  async key(key, text) {
    const code = text ? (key === " " ? "Space" : `Key${key.toUpperCase()}`) : key;
    const known = { Escape: 27, ArrowLeft: 37, ArrowRight: 39 };
    const windowsVirtualKeyCode = known[key] ?? key.toUpperCase().charCodeAt(0);
    await this.send("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", key, code, text, windowsVirtualKeyCode });
    await this.send("Input.dispatchKeyEvent", { type: "keyUp", key, code, windowsVirtualKeyCode });
  }

  async click(x, y) {
    const at = { x, y, button: "left", clickCount: 1 };
    await this.send("Input.dispatchMouseEvent", { ...at, type: "mouseMoved", button: "none" });
    await this.send("Input.dispatchMouseEvent", { ...at, type: "mousePressed" });
    await this.send("Input.dispatchMouseEvent", { ...at, type: "mouseReleased" });
  }

  /**
   * Milliseconds from a press to the frame that follows from it: the longest of its events that are an interaction, as INP counts
   * it (Event Timing: in steps of 8; an event that is not reported took less than 16).
   */
  async response(press) {
    await this.eval("bench.frame().then(() => { bench.events.length = 0 })");
    await press();
    await this.eval("bench.frame()");
    // The browser reports an event only after its frame was shown.
    await sleep(150);
    const told = await this.eval("bench.frame().then(() => bench.events.splice(0))");
    return Math.max(16, ...told);
  }
}
