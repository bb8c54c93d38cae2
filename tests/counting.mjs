// Counts what the platform bills of a Worker with Durable Objects: requests, calls and alarms of objects, rows, the time that
// an object works.
//
// Owns the counters. A test puts this behind the built script and exports `counted` classes in place of its own. Must not
// change what the Worker does.

const counter = () => ({ calls: 0, alarms: 0, rows_read: 0, rows_written: 0, busy_ms: 0 });
const counts = { requests: 0, job: counter(), ledger: counter() };

/** Notes the rows of an object's queries, and from when until when any of its work is pending. */
function track(state, own) {
  let cursors = [];
  let pending = 0;
  let since = 0;
  const { storage } = state;
  const exec = storage.sql.exec.bind(storage.sql);
  storage.sql.exec = (...query) => {
    const cursor = exec(...query);
    cursors.push(cursor);
    return cursor;
  };
  const setAlarm = storage.setAlarm.bind(storage);
  storage.setAlarm = (...time) => {
    own.rows_written += 1; // the platform bills it as one row
    return setAlarm(...time);
  };
  const watch = async (work) => {
    if (pending === 0) since = Date.now();
    pending += 1;
    try {
      return await work;
    } finally {
      pending -= 1;
      if (pending === 0) own.busy_ms += Date.now() - since;
      for (const { rowsRead, rowsWritten } of cursors) {
        own.rows_read += rowsRead;
        own.rows_written += rowsWritten;
      }
      cursors = [];
    }
  };
  const waitUntil = state.waitUntil.bind(state);
  state.waitUntil = (work) => waitUntil(watch(work));
  return watch;
}

const counted = (Class, own) =>
  class extends Class {
    #watch;

    constructor(state, env) {
      const watch = track(state, own);
      super(state, env);
      this.#watch = watch;
    }

    fetch(request) {
      own.calls += 1;
      return this.#watch(super.fetch(request));
    }

    alarm() {
      own.alarms += 1;
      return this.#watch(super.alarm());
    }
  };

const countedEntry = ({ fetch }) => ({
  fetch(request, env, context) {
    if (new URL(request.url).pathname === "/counts") return Response.json(counts);
    counts.requests += 1;
    return fetch(request, env, context);
  },
});
