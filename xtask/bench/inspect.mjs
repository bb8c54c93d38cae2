// Reads the size of the Worker's memory through V8's inspector, for `cargo xtask bench edge`.
//
// node inspect.mjs PORT  ->  {"wasm": [bytes of each WebAssembly.Memory]}. Garbage is collected first.

const [port] = process.argv.slice(2);
/** Miniflare's name for the Worker. */
const NAME = "core:user:easel";

const targets = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
const target = targets.find(({ id }) => id === NAME);
if (target === undefined) throw new Error(`no target ${NAME}`);

const socket = new WebSocket(target.webSocketDebuggerUrl);
const waiting = new Map();
const context = new Promise((found) => {
  socket.onmessage = ({ data }) => {
    const { id, method, params, result, error } = JSON.parse(data);
    if (method === "Runtime.executionContextCreated") found(params.context.id);
    const turn = waiting.get(id);
    if (turn === undefined) return;
    if (error) turn.fail(new Error(error.message));
    else turn.done(result);
  };
});
await new Promise((done, fail) => {
  socket.onopen = done;
  socket.onerror = () => fail(new Error("the inspector does not answer"));
});

let last = 0;
const send = (method, params = {}) =>
  new Promise((done, fail) => {
    last += 1;
    waiting.set(last, { done, fail });
    socket.send(JSON.stringify({ id: last, method, params }));
  });

await send("Runtime.enable");
const prototype = await send("Runtime.evaluate", {
  expression: "WebAssembly.Memory.prototype",
  contextId: await context, // workerd has no default context
});
const { objects } = await send("Runtime.queryObjects", { prototypeObjectId: prototype.result.objectId });
const sizes = await send("Runtime.callFunctionOn", {
  objectId: objects.objectId,
  functionDeclaration: "function () { return this.map((memory) => memory.buffer.byteLength); }",
  returnByValue: true,
});
console.log(JSON.stringify({ wasm: sizes.result.value }));
socket.close();
