// Scores pages as MDN's HTTP Observatory would, with its own code. No test does this, since it would install 231 packages for ten rows.
//
// npm install --ignore-scripts --prefix target/xtask/observatory @mdn/mdn-http-observatory@1.4.8
// cargo xtask serve, and beside it: node xtask/bench/observatory.mjs http://127.0.0.1:8787/ http://127.0.0.1:8787/studio/demo
//
// Properties that loopback does not have are filled in as the edge and its host have them under https: Strict-Transport-Security
// (edge/src/headers.rs), the redirect from http, a valid certificate. The list of preloaded hosts is empty. Fails unless every page gets
// an A+.

import fs from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const home = join(import.meta.dirname, "../../target/xtask/observatory/node_modules/@mdn/mdn-http-observatory");
const read = fs.readFileSync;
fs.readFileSync = (file, ...more) => (String(file).endsWith("hsts-preload.json") ? "{}" : read(file, ...more));
const load = (file) => import(pathToFileURL(join(home, "src", file)));
const [{ ALL_TESTS }, { Requests }, { getGradeForScore, getScoreModifier }, { MINIMUM_SCORE_FOR_EXTRA_CREDIT }] = await Promise.all(
  ["constants.js", "types.js", "grader/grader.js", "grader/charts.js"].map(load),
);
const { AxiosHeaders } = createRequire(join(home, "package.json"))("axios");

let best = true;
for (const address of process.argv.slice(2)) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  const body = await answer.text();
  const cookies = answer.headers.getSetCookie();
  if (cookies.length) throw new Error(`${address} sets cookies: ${cookies}`);
  const headers = { "strict-transport-security": "max-age=63072000; includeSubDomains", ...Object.fromEntries(answer.headers) };
  const response = { status: answer.status, headers: new AxiosHeaders(headers), verified: true, httpEquiv: new Map(), data: body, request: {} };
  const [http, https] = ["http", "https"].map((scheme) => new URL(`${scheme}://studio.example.com/`));
  const requests = Object.assign(new Requests("studio.example.com"), {
    resources: { path: body },
    responses: { auto: response, https: response, http: response, cors: response, httpRedirects: [{ url: http, status: 301 }, { url: https, status: 200 }], httpsRedirects: [] },
    session: { url: https, redirectHistory: [], jar: { serializeSync: () => ({ cookies: [] }) } },
  });
  const rows = ALL_TESTS.map((test) => test(requests)).map(({ pass, result }) => ({ pass, result, points: getScoreModifier(result) }));
  const lost = rows.reduce((sum, { points }) => sum + Math.min(points, 0), 100);
  const all = rows.reduce((sum, { points }) => sum + points, 100);
  const { grade, score } = getGradeForScore(lost >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? all : lost);
  console.log(`${address}  ${grade}  ${score}`);
  for (const { pass, result, points } of rows) console.log(`  ${pass ? "passes" : "FAILS "} ${String(points).padStart(4)}  ${result}`);
  best &&= grade === "A+";
}
process.exitCode = best ? 0 : 1;
