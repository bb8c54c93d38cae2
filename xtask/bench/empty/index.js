// A minimal Durable Object: one row and an alarm an hour away. The memory that workerd keeps for such objects is the runtime's own,
// and the memory that it keeps for Easel's jobs is compared with it. Contains no code of Easel.

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
