// A Ledger that fails in the way that the name of its site says. Owns only those failures, and uses the real Ledger's messages, so that
// the tests can show the outcome of a request whose Ledger is slow, does not respond, or responds with nonsense.

import { DurableObject } from "cloudflare:workers";

const DAY = 86_400_000;

export class Ledger extends DurableObject {
  async fetch(request) {
    const [, site, call] = new URL(request.url).pathname.split("/");
    const { charged, candidates } = (await request.json()) ?? {};
    if (call === "open") return Response.json({ Counted: allowance() });
    if (call === "settle") return settle(site, charged);
    return reserve(site, candidates?.living[0]);
  }
}

async function reserve(site, candidate) {
  const granted = () => Response.json({
    Granted: { lease_ends: time(Date.now() + 360_000), candidate, expected_ms: null, allowance: allowance() },
  });
  switch (site) {
    case "throws": throw new Error("CANARY");
    case "status": return new Response("CANARY", { status: 500 });
    case "empty": return new Response("");
    case "html": return new Response("<!DOCTYPE html>CANARY");
    case "null": return Response.json(null);
    case "other": return Response.json({ Approved: true });
    case "half": return Response.json({ Granted: { expected_ms: null } });
    case "never": await scheduler.wait(3_600_000);
    case "slow": await scheduler.wait(3_000);
    default: return granted();
  }
}

async function settle(site, charged) {
  switch (site) {
    case "settles-never": await scheduler.wait(3_600_000);
    case "settles-with-an-error": throw new Error("CANARY");
    case "settles-with-nonsense": return new Response("CANARY");
    default: return Response.json({ charged, allowance: allowance() });
  }
}

const allowance = () => ({ remaining: 1000, limit: 1000, resets_at: time(Date.now() + DAY) });

const time = (ms) => new Date(ms).toISOString();

export default { fetch: () => new Response(null, { status: 404 }) };
