// The first visit over a slow connection at a quarter of the CPU's speed, for one visitor after the other: when the form is painted, when
// its field takes text, and when the edge has accepted a picture that was asked for as early as possible. The floor is one hand-written
// file, which this process serves as the edge serves its documents: by the network, and compressed.

import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { brotliCompressSync } from "node:zlib";
import { SLOWER } from "./page.mjs";

const BYTES = 1_500_000;
/** Lighthouse's slow 4G: a round trip of 150 ms, 1.6 Mbit/s down, 750 kbit/s up. */
const SLOW_4G = { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 };

/** Submits as soon as there is a form, as a visitor would who has the words ready. */
const HASTE = (prompt) => `globalThis.accepted = new Promise((then) => new PerformanceObserver((list) => list.getEntries().forEach(({ name, responseEnd }) => name.endsWith("/v1/jobs") && then(responseEnd))).observe({ type: "resource", buffered: true }));
addEventListener("DOMContentLoaded", () => requestAnimationFrame(() => {
  const field = document.getElementById("prompt");
  field.value = ${JSON.stringify(prompt)};
  field.dispatchEvent(new InputEvent("input", { bubbles: true }));
  field.form.requestSubmit();
}));`;

export async function measure(pages, rounds, report) {
  const file = brotliCompressSync(readFileSync(new URL("form.html", import.meta.url)));
  const headers = { "content-type": "text/html; charset=utf-8", "content-encoding": "br", "cache-control": "no-store" };
  const server = createServer((_, answer) => answer.writeHead(200, headers).end(file)).listen(0, "127.0.0.1");
  await new Promise((done) => server.once("listening", done));
  const floor = `http://127.0.0.1:${server.address().port}/`;
  const names = ["studio", ...(pages.edges.old ? ["old"] : []), "floor"];
  try {
    // The first round warms up and is not reported. The page that is first in one round is last in the next.
    for (let round = 0; round <= rounds; round += 1) {
      for (let at = 0; at < names.length; at += 1) {
        const name = names[(round + at) % names.length];
        const samples = [await paint(pages, name, floor)];
        if (name !== "floor") samples.push(await submit(pages, name));
        if (round > 0) samples.forEach(report);
      }
    }
  } finally {
    server.close();
  }
}

const slowly = async (page) => {
  await page.send("Network.enable");
  await page.send("Network.emulateNetworkConditions", SLOW_4G);
  await page.slow(SLOWER);
};

/** When the form was painted, and when the field showed a text that was typed at once. */
async function paint(pages, name, floor) {
  const visitor = await pages.visitor();
  const url = name === "floor" ? floor : undefined;
  const page = await pages.open(name, visitor, undefined, { before: slowly, url });
  const ms = await page.eval(`new Promise((then) => new PerformanceObserver((list) => then(list.getEntries()[0].startTime)).observe({ type: "paint", buffered: true }))`);
  await pages.leave(visitor);
  return { figure: "painted", page: name, ms };
}

/** When the answer to the first order had come. */
async function submit(pages, name) {
  const visitor = await pages.visitor();
  const { prompt } = pages.order(BYTES);
  const before = async (page) => {
    await page.send("Page.addScriptToEvaluateOnNewDocument", { source: HASTE(prompt) });
    await slowly(page);
  };
  const page = await pages.open(name, visitor, undefined, { before });
  const ms = await page.eval("accepted");
  await pages.leave(visitor);
  return { figure: "submitted", page: name, ms };
}
