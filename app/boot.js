// Owns what happens before the program comes: the page's look, what the visitor does, loading the
// program, saying so when it breaks. It stands in the document. `browser/boot.rs` reads `easel`.
// Must not make, move or remove an element, ask for anything but the document, or store anything.
/** Any element of the document, which is the build's. @type {(id: string) => any} */
const find = (id) => document.getElementById(id);
const look = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const page = parent !== self && look.easel === "1" ? look.origin : null;
const post = (message = {}) => page && parent.postMessage({ easel: 1, ...message }, page);
const say = (text = "") => (find("early").textContent = text);
const assets = { image_worker: "%asset:image_worker.js%", zip: "%asset:zip.js%" };
/** @type {Easel} */
const easel = { phase: "early", page, look, files: [], messages: [], ...assets, take, end };
globalThis.easel = easel;
function take() {
  easel.phase = "running";
  say();
}
/** Also called by the program's panic. While it starts, it is not at its end: it starts anew. */
function end() {
  if (easel.phase === "early") return;
  if (easel.phase === "running") easel.phase = "stopped";
  // Nothing else takes the viewer away from what lies behind it any more.
  document.querySelector("dialog")?.close();
  document.querySelector("main")?.removeAttribute("aria-hidden");
  find(easel.phase).hidden = false;
  if (document.hasFocus()) find(easel.phase).scrollIntoView({ block: "nearest" });
  post({ type: "problem", kind: "interrupted" });
}
const { style } = document.documentElement;
if (page && /^(light|dark)$/.test(look.theme)) style.colorScheme = look.theme;
for (const name of ["accent", "on-accent", "surface", "ink", "radius", "font"])
  if (page) style.setProperty(`--easel-${name}`, look[name] ?? "");
addEventListener("submit", (event) => {
  event.preventDefault();
  if (easel.phase !== "running") end();
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
  say();
  post({ type: "cancel" });
});
early("input", ({ target }) => (easel.touched ||= target.id === "prompt"));
early("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229) return; // 229: Safari's end of a composition
  if (event.target.id !== "prompt" || event.key !== "Enter" || event.shiftKey) return;
  event.preventDefault();
  if (!event.repeat) event.target.form.requestSubmit();
});
early("click", ({ target }) => {
  const button = target.closest("button");
  if (button?.id === "more") button.ariaExpanded = !find("options").toggleAttribute("hidden");
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
const once = (name = "") => new Promise((then) => addEventListener(name, then, { once: true }));
/** @type {unknown} */ let composed; // the end of an input method's text, which is waited for
early("compositionstart", () => (composed = once("compositionend")));
const parsed = once("DOMContentLoaded");
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
/** For a document of another build, or one that was changed on its way: what the edge sends now. */
const startAgain = async () => {
  const text = await (await fetch(location.href, { cache: "no-store" })).text();
  const fresh = (easel.fresh = new DOMParser().parseFromString(text, "text/html"));
  /** @type {(rel: string) => any} */
  const link = (rel) => fresh.querySelector(`link[rel=${rel}]`);
  await start(import(`${link("modulepreload").href}?again`), link("preload").href);
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
    say();
    if (easel.phase === "early") easel.phase = "broken";
    end();
  });
for (const name of ["error", "unhandledrejection"])
  addEventListener(name, (/** @type {any} */ { error, reason }) => {
    if ((error ?? reason)?.name === "RuntimeError") end();
  });
