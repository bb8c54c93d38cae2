// The least that a Durable Object can be: one row and an alarm an hour away. What workerd keeps of such objects is the
// runtime's own, and what Easel's jobs are measured against. Nothing of Easel's is in it.

import { DurableObject } from "cloudflare:workers";

export default {
  async fetch(request, env) {
    return env.OBJECTS.get(env.OBJECTS.newUniqueId()).fetch(request);
  },
};

export class Empty extends DurableObject {
  async fetch() {
    const { storage } = this.ctx;
    storage.sql.exec("CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT)");
    storage.sql.exec("INSERT INTO row VALUES (1, 'empty')");
    await storage.setAlarm(Date.now() + 3_600_000);
    return Response.json({}, { status: 201 });
  }

  alarm() {}
}
