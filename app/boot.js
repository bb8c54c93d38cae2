// Owns what happens before the program comes: the page's look, what the visitor does, loading the program, saying so
// when it breaks. It stands in the document. `app/src/browser/boot.rs` reads `easel` and takes over by `easel.take()`.
// Must not make, move or remove an element, nor talk to the edge or store anything.
const find = (id) => document.getElementById(id);
const look = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
const page = parent !== self && look.easel === "1" ? look.origin : null;
const post = (message) => page && parent.postMessage({ easel: 1, ...message }, page);
const say = (text) => (find("early").textContent = text);
const image_worker = "%asset:image_worker.js%";
const easel = { phase: "early", anew: false, page, look, files: [], messages: [], image_worker };
globalThis.easel = Object.assign(easel, {
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
});

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
let composed; // the program waits for the end of an input method's text
early("compositionstart", () => {
  composed = new Promise((end) => addEventListener("compositionend", end, { once: true }));
});

const parsed = new Promise((then) => addEventListener("DOMContentLoaded", then));
// A frame that is out of sight gets no animation frames.
const painted = () => new Promise((then) => (requestAnimationFrame(then), setTimeout(then, 200)));
parsed.then(painted).then(() => post({ type: "painted" }));

const start = async (program) => {
  const { default: load, start } = await program;
  await Promise.all([import("%asset:bridge.js%"), parsed]);
  await load({ module_or_path: "%asset:studio.wasm%" });
  await composed;
  start();
};
start(import("%asset:studio.js%"))
  .catch((why) => {
    // Once the program has taken over it may have ordered something, which must not be done twice.
    if (easel.phase !== "early") throw why;
    console.warn(why);
    easel.anew = true; // it then mounts: the document is another build's, or was changed on its way
    return start(import("%asset:studio.js%?anew"));
  })
  .catch((why) => {
    console.error(why);
    easel.take();
    easel.broken();
  });
const trapped = ({ error, reason }) => (error ?? reason)?.name === "RuntimeError" && easel.broken();
addEventListener("error", trapped);
addEventListener("unhandledrejection", trapped);
