// The Worker's entry: the compiled program's handler and objects, as the runtime wants them.
//
// Owns that an object outlives the program: a panic ends the wasm instance, the next call gets a new one, and with it each
// object is built anew from its storage. Must not decide anything else. The build bundles it; "edge" is what wasm-bindgen wrote.

import * as edge from "edge";

// The runtime wraps what it is given here; a promise's callback, which the program takes without it, costs half.
globalThis.queueMicrotask = undefined;

/** A class of the program's whose objects are built anew when the program was. */
const lasting = (Class) =>
  class {
    #built;
    #life;
    #state;
    #env;

    constructor(state, env) {
      this.#state = state;
      this.#env = env;
    }

    fetch(request) {
      return this.#alive().fetch(request);
    }

    alarm() {
      return this.#alive().alarm();
    }

    #alive() {
      // Every call into the program first starts it anew if it has ended, and it counts its starts.
      const { instanceId } = edge.__worker_init_state();
      if (this.#life !== instanceId) {
        this.#built = new Class(this.#state, this.#env);
        this.#life = instanceId;
      }
      return this.#built;
    }
  };

export const Job = lasting(edge.Job);
export const Ledger = lasting(edge.Ledger);

export default { fetch: (request, env, context) => edge.fetch(request, env, context) };
