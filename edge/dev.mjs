// Stands before the Worker under `cargo xtask dev` alone: reloads a page when what it was made from has been built anew.
//
// Owns /dev/version and /dev/reload.js, and the one line that it adds to each document. Never deployed: `edge/workerd.mjs`
// puts it before the built Worker, `index.js`, when it is asked to.

import edge from "./index.js";

export * from "./index.js";

const PING_MS = 10_000; // a connection that says nothing for long may be cut

/** Runs in the page. A page inside one of the same origin is reloaded with it. */
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

/** Tells which build this is, and stays open: a new build ends it, and the browser connects again. */
function version({ DEV_VERSION }) {
  const { readable, writable } = new TransformStream();
  const writer = writable.getWriter();
  const write = (text) => writer.write(new TextEncoder().encode(text));
  const ping = setInterval(() => write(":\n\n").catch(() => clearInterval(ping)), PING_MS);
  write(`retry: 100\ndata: ${DEV_VERSION}\n\n`).catch(() => clearInterval(ping));
  return answer(readable, "text/event-stream");
}

/** The document with the script that reloads it, and a policy under which that may connect. */
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
