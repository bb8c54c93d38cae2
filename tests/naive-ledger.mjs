// A Ledger with a race: it reads the sums, waits a moment, and then writes sums that are based on the old ones. Owns only that fault, and
// uses the real Ledger's messages, so that the test of a hundred grants can show that it would notice.

import { DurableObject } from "cloudflare:workers";

const DAY = 86_400_000;

export class Ledger extends DurableObject {
  async fetch(request) {
    const [, site, call] = new URL(request.url).pathname.split("/");
    const body = await request.json();
    return Response.json(await this[call]?.(body, site) ?? null);
  }

  async open({ subject }) {
    return { Counted: this.#allowance(subject) };
  }

  async reserve({ key, job, fingerprint, pictures, candidates }, site) {
    const [candidate] = candidates.living;
    const worst = nano(candidate.worst_each) * pictures;
    const known = await this.ctx.storage.get(key);
    const granted = { lease_ends: time(Date.now() + 360_000), candidate, expected_ms: null, allowance: this.#allowance() };
    if (known) return { Known: { job: known.job, same: known.fingerprint === fingerprint, ...granted } };
    const cap = nano(this.env[`EASEL_SITE_${site}`].budget.day_usd);
    const held = (await this.ctx.storage.get("held")) ?? 0;
    if (held + worst > cap) return { Refused: { kind: "budget-spent", resets_at: time(Date.now() + DAY) } };
    // Such a Ledger would call another service here. Meanwhile concurrent requests read the same sums.
    await scheduler.wait(5);
    await this.ctx.storage.put({ held: held + worst, [key]: { job, fingerprint } });
    return { Granted: granted };
  }

  async settle({ charged }) {
    return { charged, allowance: this.#allowance() };
  }

  async days() {
    return [];
  }

  #allowance() {
    return { remaining: 1000, limit: 1000, resets_at: time(Date.now() + DAY) };
  }
}

const nano = (usd) => Math.round(Number(usd) * 1e9);

const time = (ms) => new Date(ms).toISOString();

export default { fetch: () => new Response(null, { status: 404 }) };
