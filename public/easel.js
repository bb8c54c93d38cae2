// Owns the element <easel-studio>: the space it takes, the frame in it, and what page and frame say to each other.
// Must not ask the network for anything before the element comes near the window, nor write an inline script or style:
// a page's policy needs `script-src EDGE; frame-src EDGE` and nothing else.
//
// Protocol 1; docs/messages.md has every word of it. A message is a flat object { easel: 1, type, … }. Each side checks
// origin and source, and drops what it does not know.
//   the frame's address   /studio/SITE?locale=LOCALE#easel=1&origin=PAGE&…look
//   page → frame          set {…look} · generate {prompt?} · cancel · clear · focus
//   frame → page          painted · expand {expanded} · the events below, with their fields
//   look                  theme, prompt, accent, on-accent, surface, ink, radius, font, expanded

const EDGE = new URL(import.meta.url).origin;

/** The attributes, each with what its property says without it. */
const ATTRIBUTES = { site: "", theme: "auto", locale: "", prompt: "", loading: "lazy", name: "" };

/** The owner's custom properties, `--easel-accent` and so on. */
const PROPERTIES = "accent on-accent surface ink radius font".split(" ");

/** What the frame may tell. */
const EVENTS = "ready start progress picture done problem cancel download choose".split(" ");

/** What it may tell of it: an event never carries more. */
const FIELDS =
  "version count size quality elapsed_ms expected_ms index width height media_type pictures kind file".split(" ");

/** How long the frame may take before the element's children stand in for it, or it is shown as it is. */
const PATIENCE_MS = 10000;

const sheet = (text) => {
  const made = new CSSStyleSheet();
  made.replaceSync(text);
  return made;
};

/**
 * Whoever sizes the element decides. Its children hold their place unseen, margins and all: nothing moves when they go, nor
 * when they stand in for the frame.
 */
const host = sheet(
  ":host(:not([hidden])){display:block;position:relative}[inert]{visibility:hidden}[inert]::slotted(*){opacity:0!important}",
);

/** For what is there from #mount on. */
let framed;

/** A visitor who never comes near pays for a root, `host` and a place in the one observer: all else waits. */
class EaselStudio extends HTMLElement {
  static formAssociated = true;
  static observedAttributes = Object.keys(ATTRIBUTES);
  static #watch = new IntersectionObserver(
    (seen) => {
      for (const { target, isIntersecting } of seen) target.#come(isIntersecting);
    },
    { rootMargin: "100%" },
  );

  #root = this.attachShadow({ mode: "open" });
  #slot = document.createElement("slot"); // inert but while the element's children stand in for the frame
  #internals;
  #dialog;
  #frame;
  #timer;
  #near = false;
  #ready = false;
  #expanded = false;
  #waiting = []; // what was said to a frame that is not ready

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [host];
    this.#slot.inert = true;
    this.#root.append(this.#slot);
    EaselStudio.#watch.observe(this);
  }

  generate(prompt) {
    this.#mount();
    this.#send("generate", { prompt });
  }

  cancel() {
    this.#send("cancel");
  }

  clear() {
    this.#send("clear");
  }

  focus() {
    this.#mount();
    this.#send("focus");
    this.#frame?.focus();
  }

  /** Lifts the studio over the whole window, without loading it again. */
  expand() {
    this.#mount();
    this.#lift(true);
  }

  collapse() {
    this.#lift(false);
  }

  connectedCallback() {
    // What a script set before the element was defined hides the properties.
    for (const name of Object.keys(this)) {
      const early = this[name];
      delete this[name];
      this[name] = early;
    }
    this.#update();
  }

  disconnectedCallback() {
    this.#unmount();
  }

  /** Moved within the page by `moveBefore`: the frame lives on. */
  connectedMoveCallback() {}

  attributeChangedCallback(name, before, after) {
    if (before === after || !this.isConnected) return;
    if (this.#frame && (name === "site" || name === "locale")) this.#unmount();
    this.#update();
  }

  formResetCallback() {
    this.#internals?.setFormValue(null);
  }

  #come(near) {
    this.#near = near;
    if (near) {
      this.#slot.hidden = true;
      if (!this.offsetHeight) this.style.minHeight = "40rem"; // nobody gave it a height
      this.#slot.hidden = false;
    }
    this.#update();
  }

  /** Mounts the frame if its time has come, and tells it the whole look. */
  #update() {
    if (this.#near || this.loading === "eager") this.#mount();
    if (this.#frame) this.#send("set", this.#look());
  }

  #mount() {
    if (this.#frame || !this.site || !this.isConnected) return;
    if (!this.#dialog) this.#furnish();
    const locale = this.locale || this.closest("[lang]")?.lang || "";
    const look = new URLSearchParams({ easel: 1, origin, ...this.#look() });
    const frame = (this.#frame = document.createElement("iframe"));
    frame.title = this.#dialog.ariaLabel = this.ariaLabel || (/^de/i.test(locale) ? "Bildstudio" : "Image studio");
    frame.allow = "clipboard-write; web-share; fullscreen";
    frame.src = `${EDGE}/studio/${this.site}?locale=${locale}#${look}`;
    frame.ontransitionrun = () => this.#update();
    // Until its form is painted the page shows through, not an empty document. It paints all the same: it is only transparent.
    frame.style.opacity = 0;
    addEventListener("message", this.#hear);
    this.#timer = setTimeout(() => {
      this.#slot.inert = !this.innerHTML.trim();
      this.#show();
    }, PATIENCE_MS);
    this.#dialog.append(frame);
  }

  #furnish() {
    framed ??= sheet(
      // The frame fills the element. Contained, and growing from its left, it does not count as shifted when it is lifted.
      `dialog,iframe{all:unset;direction:ltr;display:block;position:absolute;inset:0;width:100%;height:100%;contain:strict}` +
        `.wide{position:fixed;z-index:999999999}` +
        `:not([inert])+dialog{display:none}` +
        // Nothing tells of a custom property that changes, but a transition of it that begins.
        `iframe{transition:${PROPERTIES.map((name) => `--easel-${name} 1ms allow-discrete`)}}`,
    );
    this.#root.adoptedStyleSheets.push(framed);
    this.#dialog = document.createElement("dialog");
    this.#dialog.onclose = () => this.collapse(); // Esc outside of the frame, or a phone's way back
    this.#root.append(this.#dialog);
  }

  #show() {
    this.#frame.style.opacity = "";
  }

  #unmount() {
    this.#lift(false);
    clearTimeout(this.#timer);
    removeEventListener("message", this.#hear);
    this.#frame?.remove();
    this.#frame = null;
    this.#ready = false;
    this.#waiting = [];
    this.#slot.inert = true;
  }

  #look() {
    const look = { theme: this.theme, prompt: this.prompt, expanded: this.#expanded };
    for (const name of PROPERTIES) look[name] = getComputedStyle(this).getPropertyValue(`--easel-${name}`);
    return look;
  }

  #send(type, more) {
    this.#waiting.push({ easel: 1, type, ...more });
    if (this.#ready) for (const message of this.#waiting.splice(0)) this.#frame.contentWindow?.postMessage(message, EDGE);
  }

  #hear = ({ origin, source, data }) => {
    if (origin !== EDGE || source !== this.#frame.contentWindow || data?.easel !== 1) return;
    const { type } = data;
    this.#show(); // at `painted`; a frame that does not send it sends `ready`, a page that refuses sends `problem`
    if (type === "expand") this.#lift(data.expanded);
    if (!EVENTS.includes(type)) return;
    const detail = {};
    for (const field of FIELDS) if (field in data) detail[field] = data[field];
    if (type === "ready") {
      this.#ready = true;
      clearTimeout(this.#timer);
      this.#slot.inert = true;
      this.#update();
    }
    if (type === "choose") (this.#internals ??= this.attachInternals()).setFormValue(detail.file);
    this.dispatchEvent(new CustomEvent("easel:" + type, { bubbles: true, composed: true, detail }));
  };

  #lift(expanded) {
    if (!this.#frame || expanded === this.#expanded) return;
    this.#expanded = expanded;
    this.#dialog.className = expanded ? "wide" : "";
    const page = document.documentElement;
    page.style.scrollbarGutter = expanded && innerWidth > page.clientWidth ? "stable" : "";
    page.style.overflow = expanded ? "hidden" : "";
    this.#update();
    // Without a top layer `position: fixed` has to do. Closed, the focus goes back to where it was.
    this.#dialog[expanded ? "showModal" : "close"]?.();
  }
}

for (const name in ATTRIBUTES) {
  Object.defineProperty(EaselStudio.prototype, name, {
    get() {
      return this.getAttribute(name) ?? ATTRIBUTES[name];
    },
    set(value) {
      if (value == null) this.removeAttribute(name);
      else this.setAttribute(name, value);
    },
  });
}

if (!customElements.get("easel-studio")) customElements.define("easel-studio", EaselStudio);
