// Owns how a page is opened, asked, pressed and looked into. Must not know what is measured.

import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** The CPU slow-down that goals are meant at. */
export const SLOWER = 4;
/** Nothing that a page does takes longer, be the machine ever so busy. */
const PATIENCE_MS = 60_000;

/** Heard by the page itself from its first line on: what its events took, and when a picture was shown. */
const PROBE = `globalThis.bench = { events: [], watches: false, shown: [] };
new PerformanceObserver((list) => bench.events.push(...list.getEntries().filter(({ interactionId }) => interactionId).map(({ duration }) => duration))).observe({ type: "event", durationThreshold: 16 });
// The task after the next frame: by then that frame is on its way to the screen.
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
  constructor({ ask, hear, stop, edge, upstream, begin }) {
    Object.assign(this, { ask, hear, stop, edge, upstream, begin, last: 0 });
  }

  /** What is written into the prompt for another picture; each has its own bytes. */
  order(bytes) {
    this.last += 1;
    return { number: this.last, prompt: `bench ${this.last} ${bytes} steady` };
  }

  /** A visitor: what is stored by one is not seen by others. */
  async visitor() {
    const { browserContextId } = await this.ask("Target.createBrowserContext");
    return browserContextId;
  }

  /**
   * Opens a page for a visitor: `studio`, `studio/SITE`, or the file of that name beside this one. What it orders is sent as `order`
   * makes it.
   */
  async open(name, visitor, order = undefined) {
    const { targetId } = await this.ask("Target.createTarget", { url: "about:blank", browserContextId: visitor });
    const { sessionId } = await this.ask("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page(this, name, targetId, sessionId, order);
    await page.ask("Page.enable");
    await page.ask("Page.addScriptToEvaluateOnNewDocument", { source: PROBE });
    // The hand-written pages stand on the edge's own origin, and all pages are treated alike.
    const paths = order ? ["bench/*", "v1/jobs"] : ["bench/*"];
    await page.ask("Fetch.enable", { patterns: paths.map((path) => ({ urlPattern: `${this.edge}/${path}` })) });
    await page.load();
    return page;
  }

  /** What comes of a browser of its own, in which nothing else has run. */
  async apart(use) {
    const pages = await this.begin();
    try {
      return await use(pages);
    } finally {
      await pages.stop();
    }
  }

  /** Closes all pages of a visitor, and forgets what they stored. */
  async leave(visitor) {
    await this.ask("Target.disposeBrowserContext", { browserContextId: visitor });
  }
}

class Page {
  constructor(pages, name, targetId, sessionId, order) {
    Object.assign(this, { pages, name, targetId, sessionId, order });
    pages.hear(({ method, params, sessionId: from }) => {
      if (from !== sessionId) return;
      if (method === "Page.loadEventFired") this.loaded?.();
      if (method !== "Fetch.requestPaused") return;
      if (params.request.url.endsWith("/v1/jobs")) this.forward(params);
      else this.fulfill(params.requestId);
    });
  }

  ask(method, params = {}) {
    return this.pages.ask(method, params, this.sessionId);
  }

  /** Sends an order on as it is to be. */
  forward({ requestId, request: { postData } }) {
    const body = JSON.stringify(this.order(JSON.parse(postData)));
    this.ask("Fetch.continueRequest", { requestId, postData: Buffer.from(body).toString("base64") });
  }

  fulfill(requestId) {
    const html = readFileSync(new URL(`${this.name}.html`, import.meta.url), "utf8").replaceAll("UPSTREAM", this.pages.upstream);
    const responseHeaders = [{ name: "content-type", value: "text/html; charset=utf-8" }];
    this.ask("Fetch.fulfillRequest", { requestId, responseCode: 200, responseHeaders, body: Buffer.from(html).toString("base64") });
  }

  /** Loads it, also anew, until it can be used. */
  async load() {
    const { edge } = this.pages;
    const path = this.name === "studio" ? "studio/demo" : this.name.startsWith("studio/") ? this.name : `bench/${this.name}`;
    const loaded = new Promise((done) => (this.loaded = done));
    await this.ask("Page.navigate", { url: `${edge}/${path}` });
    await loaded;
    await this.until(`document.querySelector("#composer")?.hasAttribute("data-ready") ?? true`);
  }

  async close() {
    await this.pages.ask("Target.closeTarget", { targetId: this.targetId });
  }

  /** What an expression comes to in the page, promises awaited. */
  async eval(expression) {
    const { result, exceptionDetails } = await this.ask("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true, userGesture: true });
    if (exceptionDetails) throw new Error(`${expression}: ${exceptionDetails.exception?.description ?? exceptionDetails.text}`);
    return result.value;
  }

  /** Waits until an expression is true. */
  async until(expression) {
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await sleep(50)) if (await this.eval(expression)) return;
    throw new Error(`never came true on ${this.name}: ${expression}; it says: ${await this.eval("document.body.innerText")}`);
  }

  slow(rate) {
    return this.ask("Emulation.setCPUThrottlingRate", { rate });
  }

  /** Has a picture made as a visitor does; tells when Create was pressed. */
  create(prompt) {
    return this.eval(`{ const field = document.getElementById("prompt"); field.focus(); field.value = ${JSON.stringify(prompt)}; field.dispatchEvent(new Event("input")); const at = Date.now(); document.getElementById("create").click(); at }`);
  }

  /** Presses a key, and the page hears it as it hears a keyboard. */
  async key(key, text) {
    const code = text ? (key === " " ? "Space" : `Key${key.toUpperCase()}`) : key;
    const known = { Escape: 27, ArrowLeft: 37, ArrowRight: 39 };
    const windowsVirtualKeyCode = known[key] ?? key.toUpperCase().charCodeAt(0);
    await this.ask("Input.dispatchKeyEvent", { type: text ? "keyDown" : "rawKeyDown", key, code, text, windowsVirtualKeyCode });
    await this.ask("Input.dispatchKeyEvent", { type: "keyUp", key, code, windowsVirtualKeyCode });
  }

  async click(x, y) {
    const at = { x, y, button: "left", clickCount: 1 };
    await this.ask("Input.dispatchMouseEvent", { ...at, type: "mouseMoved", button: "none" });
    await this.ask("Input.dispatchMouseEvent", { ...at, type: "mousePressed" });
    await this.ask("Input.dispatchMouseEvent", { ...at, type: "mouseReleased" });
  }

  /**
   * Milliseconds from a press to the frame that follows from it: the longest of its events that are an interaction, as INP counts
   * it (Event Timing: in steps of 8; what is not told took less than 16).
   */
  async response(press) {
    await this.eval("bench.frame().then(() => { bench.events.length = 0 })");
    await press();
    await this.eval("bench.frame()");
    // The browser tells once the frame was shown.
    await sleep(150);
    const told = await this.eval("bench.frame().then(() => bench.events.splice(0))");
    return Math.max(16, ...told);
  }
}
