// The running edge, as its operator uses it.
//
// Owns the calls. Must not decide when to make one, and must not repeat a response's text.

import { ask } from "./rules.mjs";

const ANSWER_MS = 20_000; // an object that is not in memory needs a moment to start

/** One call: no redirect is followed, since it would send the token elsewhere. */
async function call(method, url, token, body) {
  const headers = {};
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  let response;
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    response = await fetch(url, { method, headers, body: JSON.stringify(body), redirect: "manual", signal });
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  } catch {
    throw new Error("the edge cannot be reached");
  }
}

const parsed = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** The edge at an address. */
export function edgeAt(address, token) {
  const operator = async (method, path, body) => {
    const answer = await call(method, `${address}${path}`, token, body);
    if (answer.status === 200) return answer.body;
    const seen = ask("response", answer);
    throw Object.assign(new Error(`the edge answers ${seen}`), { unknown: seen === "404 unknown-site" });
  };
  const report = () => operator("GET", "/v1/operator/ledger");
  const health = () =>
    call("GET", `${address}/healthz`).then((answer) => ask("health", answer), ({ message }) => ({ other: message }));
  return {
    health,
    switch: (site, open) => operator("PUT", "/v1/operator/switch", { site, open }),
    reserved: async () => ask("reserved", { report: await report() }),
    /** Which of its sites are open, and which somebody closed; none of a misconfigured edge, which grants no job. */
    async switches(sites) {
      const { easel, misconfigured, other } = await health();
      if (misconfigured) return { open: [], closed: [] };
      if (other !== undefined) throw new Error(`no Easel was found there: ${other}; if none runs yet, say so with --first`);
      return ask("switches", { report: await report(), all_closed: easel.all_closed, sites });
    },
  };
}
