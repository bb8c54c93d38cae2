// Runs before the Worker under `cargo xtask dev` only: it reloads open pages after a new build.
//
// Owns /dev/version and /dev/reload.js, and the script element that it adds to each document. Must not be deployed:
// `edge/workerd.mjs` puts it before the built Worker, `index.js`, when its option `dev` is set.

import edge from "./index.js";

export * from "./index.js";

const PING_MS = 10_000; // a proxy may close a connection that is silent for long

/** Runs in the page. In a frame inside a page of the same origin it does nothing, since that page reloads the frame. */
const RELOAD = `
const shown = new URL(document.currentScript.src).searchParams.get("v");
const inside = () => {
  try {
    return top !== window && top.location.origin === location.origin;
  } catch {
    return false;
  }
};
const listen = () => {
  const events = new EventSource("/dev/version");
  events.onmessage = ({ data }) => {
    if (data !== shown) location.reload();
  };
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 200);
  };
};
if (!inside()) listen();
`;

const answer = (body, type) => new Response(body, { headers: { "content-type": type, "cache-control": "no-store" } });

/** An event stream with the number of this build. It stays open; a new build ends it, and the browser connects again. */
function version({ DEV_VERSION }) {
  const { readable, writable } = new TransformStream();
  const writer = writable.getWriter();
  const write = (text) => writer.write(new TextEncoder().encode(text));
  const ping = setInterval(() => write(":\n\n").catch(() => clearInterval(ping)), PING_MS);
  write(`retry: 100\ndata: ${DEV_VERSION}\n\n`).catch(() => clearInterval(ping));
  return answer(readable, "text/event-stream");
}

/** The document with the script that reloads it, and a policy that allows the script to connect. */
async function withReload(response, { DEV_VERSION }) {
  const html = await response.text();
  const document = new Response(`${html}<script src="/dev/reload.js?v=${DEV_VERSION}"></script>`, response);
  const policy = document.headers.get("content-security-policy") ?? "";
  if (!policy.includes("connect-src")) {
    document.headers.set("content-security-policy", `${policy}; connect-src 'self'`);
  }
  return document;
}

export default {
  async fetch(request, env, context) {
    const { pathname } = new URL(request.url);
    if (pathname === "/dev/version") return version(env);
    if (pathname === "/dev/reload.js") return answer(RELOAD, "text/javascript");
    const response = await edge.fetch(request, env, context);
    const isDocument = response.headers.get("content-type")?.startsWith("text/html") ?? false;
    return isDocument ? withReload(response, env) : response;
  },
};
