// Owns what this frame and the page round it say to each other: protocol 1, docs/messages.md.
// Must not say anything but to the page that the address names, nor believe anybody else; and never says a prompt, an id
// or a URL. Without such a page it is silent and deaf.
import { pictures } from "./given.js";

const root = document.documentElement;
const find = (id) => document.getElementById(id);
const given = new URLSearchParams(location.hash.slice(1));
const page = parent !== self && given.get("easel") === "1" ? given.get("origin") : null;

const parsed = new Promise((resolve) => addEventListener("DOMContentLoaded", resolve));
let prompt = "";
let expanded = false;
let clear = () => {};

const put = (text) => {
  const field = find("prompt");
  field.value = text;
  field.dispatchEvent(new Event("input"));
};

/** Applies what the page says of the look; a value that is missing takes the product's own. */
const apply = (look) => {
  root.style.colorScheme = /^(light|dark)$/.test(look.theme) ? look.theme : "";
  for (const name of ["accent", "on-accent", "surface", "ink", "radius", "font"]) root.style.setProperty(`--easel-${name}`, look[name] ?? "");
  if (typeof look.prompt === "string" && look.prompt !== prompt) {
    prompt = look.prompt;
    parsed.then(() => put(look.prompt));
  }
};

/** Says one of the words that the document has for it. */
const say = (word) => {
  const words = find("said").dataset[word];
  // What is over all else is all that is heard.
  (document.querySelector("dialog[open] [role=status]") ?? find("said")).textContent = words;
};

const tell = (message) => {
  if (page) parent.postMessage({ easel: 1, ...message }, page);
};

const hear = {
  set(message) {
    apply(message);
    if (message.expanded === expanded || typeof message.expanded !== "boolean") return;
    expanded = message.expanded;
    root.toggleAttribute("data-expanded", expanded);
    if (!expanded) find("viewer").close();
    // A window that becomes a dialog takes the focus from what had it.
    if (document.hasFocus() && document.activeElement === document.body) (document.querySelector("dialog[open] [autofocus]") ?? find("prompt")).focus();
  },
  generate(message) {
    if (typeof message.prompt === "string") put(message.prompt);
    find("composer").requestSubmit();
  },
  cancel() {
    const { dataset } = find("composer");
    if ("running" in dataset) find("create").click();
    // What waits for the program is not sent.
    if (!("kept" in dataset)) return;
    delete dataset.kept;
    find("said").textContent = "";
    tell({ type: "cancel" });
  },
  clear() {
    pictures.over?.();
    clear();
    // What the visitor keeps on this device is theirs: no page deletes it.
    pictures.hang?.();
  },
  focus: () => find("prompt").focus(),
};

if (page) {
  apply(Object.fromEntries(given));
  root.dataset.hosted = "";
  addEventListener("message", ({ origin, source, data }) => {
    if (source === parent && origin === page && data?.easel === 1 && Object.hasOwn(hear, data.type)) hear[data.type](data);
  });
  addEventListener("keydown", ({ key, defaultPrevented }) => {
    if (key === "Escape" && expanded && !defaultPrevented) tell({ type: "expand", expanded: false });
  });
  addEventListener("click", async ({ target }) => {
    const type = target.closest("[download]")?.dataset.type;
    if (type) tell({ type: "download", media_type: type });
    const button = target.closest("[data-choose]");
    if (!button || button.ariaDisabled) return;
    button.ariaDisabled = "true";
    try {
      tell({ type: "choose", file: await pictures.original(button.dataset.choose) });
      // What stands over the page would hide what it does with it.
      find("viewer").close();
      say("given");
    } catch {
      say("away");
    }
    button.ariaDisabled = null;
  });
}

export const host = {
  isThere: () => page !== null,
  tell: (text) => tell(JSON.parse(text)),
  say,
  /** Asks for the whole window, if it is not the frame's already; true if it was asked for. */
  expand(whole) {
    if (!page || (whole && expanded)) return false;
    tell({ type: "expand", expanded: whole });
    return true;
  },
  /** The studio is there: `then` empties its gallery. */
  ready(version, then) {
    clear = then;
    tell({ type: "ready", version });
  },
};
