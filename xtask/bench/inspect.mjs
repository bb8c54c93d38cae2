// Looks into a Worker's memory by V8's inspector, for `cargo xtask bench edge`.
//
// node inspect.mjs PORT  ->  {"wasm": [bytes of each WebAssembly.Memory]}. What is garbage is collected first.

const [port] = process.argv.slice(2);

/** Speaks the inspector's protocol with one target. */
async function open(url) {
  const socket = new WebSocket(url);
  await new Promise((done, fail) => {
    socket.onopen = done;
    socket.onerror = () => fail(new Error(`no inspector at ${url}`));
  });
  const waiting = new Map();
  socket.onmessage = ({ data }) => {
    const { id, result, error } = JSON.parse(data);
    const turn = waiting.get(id);
    if (turn === undefined) return;
    waiting.delete(id);
    if (error) turn.fail(new Error(error.message));
    else turn.done(result);
  };
  let last = 0;
  const ask = (method, params = {}) =>
    new Promise((done, fail) => {
      last += 1;
      waiting.set(last, { done, fail });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  return { ask, close: () => socket.close() };
}

const targets = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
const wasm = [];
for (const { webSocketDebuggerUrl } of targets) {
  const { ask, close } = await open(webSocketDebuggerUrl);
  await ask("Runtime.enable");
  await ask("HeapProfiler.enable");
  await ask("HeapProfiler.collectGarbage");
  const { result: prototype } = await ask("Runtime.evaluate", { expression: "WebAssembly.Memory.prototype" });
  const { objects } = await ask("Runtime.queryObjects", { prototypeObjectId: prototype.objectId });
  const { result: sizes } = await ask("Runtime.callFunctionOn", {
    objectId: objects.objectId,
    functionDeclaration: "function () { return this.map((memory) => memory.buffer.byteLength); }",
    returnByValue: true,
  });
  wasm.push(...sizes.value);
  close();
}
console.log(JSON.stringify({ wasm }));
