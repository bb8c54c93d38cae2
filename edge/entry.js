// The Worker's entry: it exports the compiled program's handler and Durable Object classes to the runtime.
//
// Owns the recovery after a panic, which ends the wasm instance: the next call starts a new instance, and each object is
// constructed anew from its storage. Must not decide anything else. The build bundles it; "edge" is wasm-bindgen's output.
// Decision: docs/decisions/2026-11-29-own-entry-of-the-worker.md.

import * as edge from "edge";

// workerd wraps `queueMicrotask` callbacks. With it removed, wasm-bindgen-futures falls back to `Promise.then`, which measured
// half the CPU.
globalThis.queueMicrotask = undefined;

/** A class of the program whose objects are constructed anew after the program was restarted. */
const restartable = (Class) =>
  class {
    #object;
    #instanceId;
    #state;
    #env;

    constructor(state, env) {
      this.#state = state;
      this.#env = env;
    }

    fetch(request) {
      return this.#current().fetch(request);
    }

    alarm() {
      return this.#current().alarm();
    }

    #current() {
      // This call restarts the program if it has ended; `instanceId` counts the starts.
      const { instanceId } = edge.__worker_init_state();
      if (this.#instanceId !== instanceId) {
        this.#object = new Class(this.#state, this.#env);
        this.#instanceId = instanceId;
      }
      return this.#object;
    }
  };

export const Job = restartable(edge.Job);
export const Ledger = restartable(edge.Ledger);

export default { fetch: (request, env, context) => edge.fetch(request, env, context) };
