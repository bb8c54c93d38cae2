// Owns what happens before the program comes: the page's look, what the visitor does, loading the program, saying so
// when it breaks. It stands in the document. `app/src/browser/boot.rs` reads `easel` and takes over by `easel.take()`.
// Must not make, move or remove an element, nor ask the edge for anything but the document, nor store anything.
/** Any element of the document, which is the build's. @type {(id: string) => any} */
const find = (id) => document.getElementById(id);
const look = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const page = parent !== self && look.easel === "1" ? look.origin : null;
/** @param {object} message */
const post = (message) => page && parent.postMessage({ easel: 1, ...message }, page);
/** @param {string} text */
const say = (text) => (find("early").textContent = text);
const image_worker = "%asset:image_worker.js%";
const zip = "%asset:zip.js%";
const known = { phase: "early", page, look, files: [], messages: [], image_worker, zip };
/** @type {Easel} */
const easel = (globalThis.easel = Object.assign(/** @type {any} */ (known), {
  take() {
    easel.phase = "running";
    say("");
  },
  /** Also called by the program's panic. While it starts, that is not the end: it is started anew, once. */
  broken() {
    if (easel.phase === "early") return;
    easel.phase = "broken";
    find("broken").hidden = false;
    find("broken").scrollIntoView({ block: "center" });
    post({ type: "problem", kind: "interrupted" });
  },
}));

const { style } = document.documentElement;
if (page && /^(light|dark)$/.test(look.theme)) style.colorScheme = look.theme;
for (const name of ["accent", "on-accent", "surface", "ink", "radius", "font"])
  if (page) style.setProperty(`--easel-${name}`, look[name] ?? "");

addEventListener("submit", (event) => {
  event.preventDefault();
  if (easel.phase === "broken") easel.broken();
  if (easel.phase !== "early" || !find("prompt").value.trim()) return;
  easel.submitted = find("prompt").value;
  say(find("moment").content.textContent);
});
/** Until the program takes over. @type {(name: string, act: (event: any) => unknown) => void} */
const early = (name, act) => addEventListener(name, (it) => easel.phase === "early" && act(it));
early("message", ({ origin, source, data }) => {
  if (source !== parent || origin !== page || data?.easel !== 1) return;
  easel.messages.push(data);
  if (data.type !== "cancel" || !easel.submitted) return;
  easel.submitted = false;
  say("");
  post({ type: "cancel" });
});
early("input", ({ target }) => (easel.touched ||= target.id === "prompt"));
early("keydown", (event) => {
  // 229: Safari's Enter that ends a composition comes after `isComposing` has ended.
  const composing = event.isComposing || event.keyCode === 229;
  if (event.target.id !== "prompt" || event.key !== "Enter" || event.shiftKey || composing) return;
  event.preventDefault();
  if (!event.repeat) event.target.form.requestSubmit();
});
early("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.id === "more") button.ariaExpanded = !(find("options").hidden = !find("options").hidden);
  if (button?.name !== "idea") return;
  find("prompt").value = button.value;
  find("prompt").focus();
  easel.touched = true;
});
early("dragover", (event) => event.dataTransfer.types.includes("Files") && event.preventDefault());
for (const name of ["change", "drop", "paste"])
  early(name, (event) => {
    const { files, types } = event.dataTransfer ?? event.clipboardData ?? event.target;
    // A word processor's text comes with a picture of itself.
    if (!files?.length || (name === "paste" && types.includes("text/plain"))) return;
    event.preventDefault();
    easel.files.push(...files);
    if (name === "change") event.target.value = ""; // the same file can be chosen again
  });
/** @type {Promise<unknown> | undefined} */
let composed; // the program waits for the end of an input method's text
early("compositionstart", () => {
  composed = new Promise((end) => addEventListener("compositionend", end, { once: true }));
});

const parsed = new Promise((then) => addEventListener("DOMContentLoaded", then));
// A frame that is out of sight gets no animation frames.
const painted = () => new Promise((then) => (requestAnimationFrame(then), setTimeout(then, 200)));
parsed.then(painted).then(() => post({ type: "painted" }));

/** @param {Promise<typeof import("%asset:studio.js%")>} program @param {string} wasm */
const start = async (program, wasm) => {
  const { default: load, start } = await program;
  await parsed;
  await load({ module_or_path: wasm });
  await composed;
  start();
};
/** Starts the program of the document that the edge sends now: this one is another build's, or was changed on its way. */
const startAgain = async () => {
  const text = await (await fetch(location.href, { cache: "no-store" })).text();
  const fresh = new DOMParser().parseFromString(text, "text/html");
  /** @type {(rel: string) => any} */
  const link = (rel) => fresh.querySelector(`link[rel=${rel}]`);
  const [program, wasm] = [import(`${link("modulepreload").href}?again`), link("preload").href];
  find("site").replaceWith(fresh.getElementById("site"));
  easel.root = fresh.getElementById("root"); // the program puts it in place, once it has read the form
  await start(program, wasm);
};
start(import("%asset:studio.js%"), "%asset:studio.wasm%")
  .catch((why) => {
    // Once the program has taken over it may have ordered something, which must not be done twice.
    if (easel.phase !== "early") throw why;
    console.warn(why);
    return startAgain();
  })
  .catch((why) => {
    console.error(why);
    easel.take();
    easel.broken();
  });
/** @param {any} event */
const trapped = ({ error, reason }) => (error ?? reason)?.name === "RuntimeError" && easel.broken();
addEventListener("error", trapped);
addEventListener("unhandledrejection", trapped);
