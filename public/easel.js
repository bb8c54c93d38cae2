// Owns the element <easel-studio>: the space it takes, the frame in it, and what page and frame say to each other.
// Must not ask the network for anything before the element comes near the window, nor write an inline script or style:
// a page's policy needs `script-src EDGE; frame-src EDGE` and nothing else.
//
// Protocol 1; docs/messages.md has every word of it. A message is a flat object { easel: 1, type, … }. Each side checks
// origin and source, and drops what it does not know.
//   the frame's address   /studio/SITE?locale=LOCALE#easel=1&origin=PAGE&element=NAME&…look
//   page → frame          set {…look} · generate {prompt?} · cancel · clear · focus
//   frame → page          painted · expand {expanded} · the events below, with their fields
//   look                  theme, prompt, accent, on-accent, surface, ink, radius, font, expanded

const EDGE = new URL(import.meta.url).origin;

/** The attributes, each with what its property says without it. */
const ATTRIBUTES = { site: "", theme: "auto", locale: "", prompt: "", loading: "lazy", name: "", required: false };

/** The owner's custom properties, `--easel-accent` and so on. */
const PROPERTIES = "accent on-accent surface ink radius font".split(" ");

/** What the frame may tell. */
const EVENTS = "ready start progress picture done problem cancel download choose".split(" ");

/** What it may tell of it: an event never carries more. */
const FIELDS =
  "version count size quality elapsed_ms expected_ms index width height media_type pictures kind file".split(" ");

/** What the page is held still by while the studio is over it: the room of its scroll bar, and no scrolling. */
const STILL = "html:root{transition:none!important";

/** How long the frame may take before the element's children stand in for it, or it is shown as it is. */
const PATIENCE_MS = 10000;

/** @param {string} text */
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

/** For what is there from #mount on. @type {CSSStyleSheet | undefined} */
let framed;

/** The properties are made below, one for each attribute. @type {new () => HTMLElement & Record<string, any>} */
const Base = HTMLElement;

/** A visitor who never comes near pays for a root, `host` and a place in the one observer: all else waits. */
class EaselStudio extends Base {
  static formAssociated = true;
  static observedAttributes = Object.keys(ATTRIBUTES);
  static #watch = new IntersectionObserver(
    (seen) => {
      for (const { target, isIntersecting } of seen) /** @type {any} */ (target).#come(isIntersecting);
    },
    { rootMargin: "100%" },
  );

  #root = this.attachShadow({ mode: "open" });
  #slot = document.createElement("slot"); // inert but while the element's children stand in for the frame
  /** @type {ElementInternals | undefined} */
  #form;
  /** @type {File | null} */
  #file = null;
  /** @type {any} */
  #dialog;
  /** @type {any} */
  #frame;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #near = false;
  #ready = false;
  #expanded = false;
  /** @type {[string, string, string][]} */
  /** @type {CSSStyleSheet | undefined} */
  #lid; // a stylesheet of the page while the studio has the window
  /** @type {object[]} */
  #waiting = []; // what was said to a frame that is not ready

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [host];
    this.#slot.inert = true;
    this.#root.append(this.#slot);
    EaselStudio.#watch.observe(this);
  }

  /** @param {string} [prompt] */
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

  /** @param {string} name @param {string | null} before @param {string | null} after */
  attributeChangedCallback(name, before, after) {
    if (before === after || !this.isConnected) return;
    if (this.#frame && (name === "site" || name === "locale")) this.#unmount();
    this.#update();
  }

  formResetCallback() {
    this.#choose(null);
  }

  /** The form's value; where it is required and there is none, the form is not sent. @param {File | null} file */
  #choose(file) {
    this.#file = file;
    this.#form?.setFormValue(file);
    this.#validate();
  }

  #validate() {
    const valueMissing = this.required && this.name !== "" && !this.#file;
    if (!valueMissing && !this.#form) return;
    // A browser says it at something that takes the focus.
    const message = this.#german() ? "Wählen Sie zuerst ein Bild." : "Choose a picture first.";
    this.#internals().setValidity({ valueMissing }, message, this.#frame ?? undefined);
  }

  #internals() {
    if (!this.#form) {
      this.#form = this.attachInternals();
      // There may be no frame yet.
      this.addEventListener("invalid", () => {
        this.#mount();
        this.#validate();
      });
    }
    return this.#form;
  }

  /** @param {boolean} near */
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
    this.#validate();
  }

  #locale() {
    return this.locale || this.closest("[lang]")?.getAttribute("lang") || "";
  }

  #german() {
    return /^de/i.test(this.#locale());
  }

  #mount() {
    if (this.#frame || !this.site || !this.isConnected) return;
    if (!this.#dialog) this.#furnish();
    const locale = this.#locale();
    // Which of a page's studios this is: each finds its own jobs and text again after a reload.
    const all = [...document.querySelectorAll("easel-studio")].filter((/** @type {any} */ it) => it.site === this.site);
    const element = this.id || this.name || all.indexOf(this);
    const look = new URLSearchParams({ easel: "1", origin, element, ...this.#look() });
    const frame = (this.#frame = document.createElement("iframe"));
    frame.title = this.#dialog.ariaLabel = this.ariaLabel || (this.#german() ? "Bildstudio" : "Image studio");
    frame.allow = "clipboard-write; web-share; fullscreen";
    frame.src = `${EDGE}/studio/${this.site}?locale=${locale}#${look}`;
    frame.ontransitionrun = () => this.#update();
    // Until its form is painted the page shows through, not an empty document. It paints all the same: it is only transparent.
    frame.style.opacity = "0";
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
    /** @type {Record<string, any>} */
    const look = { theme: this.theme, prompt: this.prompt, expanded: this.#expanded };
    for (const name of PROPERTIES) look[name] = getComputedStyle(this).getPropertyValue(`--easel-${name}`);
    return look;
  }

  /** @param {string} type @param {object} [more] */
  #send(type, more) {
    this.#waiting.push({ easel: 1, type, ...more });
    if (this.#ready) for (const message of this.#waiting.splice(0)) this.#frame.contentWindow?.postMessage(message, EDGE);
  }

  /** @param {MessageEvent} message */
  #hear = ({ origin, source, data }) => {
    if (origin !== EDGE || source !== this.#frame.contentWindow || data?.easel !== 1) return;
    const { type } = data;
    this.#show(); // at `painted`; a frame that does not send it sends `ready`, a page that refuses sends `problem`
    if (type === "expand") this.#lift(data.expanded);
    if (!EVENTS.includes(type)) return;
    /** @type {Record<string, any>} */
    const detail = {};
    for (const field of FIELDS) if (field in data) detail[field] = data[field];
    if (type === "ready") {
      this.#ready = true;
      clearTimeout(this.#timer);
      this.#slot.inert = true;
      this.#update();
    }
    if (type === "choose") {
      this.#internals();
      this.#choose(detail.file);
    }
    this.dispatchEvent(new CustomEvent("easel:" + type, { bubbles: true, composed: true, detail }));
  };

  /** @param {boolean} expanded */
  #lift(expanded) {
    if (!this.#frame || expanded === this.#expanded) return;
    this.#expanded = expanded;
    this.#dialog.className = expanded ? "wide" : "";
    this.#lock(expanded);
    this.#update();
    // Without a top layer `position: fixed` has to do. Closed, the focus goes back to where it was.
    this.#dialog[expanded ? "showModal" : "close"]?.();
  }

  /** The page does not scroll, and keeps its width, whatever transitions it has. Its own styles are not touched. @param {boolean} locked */
  #lock(locked) {
    const page = document.documentElement;
    const sheets = document.adoptedStyleSheets;
    if (locked) {
      // Some browsers have the scroll bar of a page from right to left on its left.
      const side = page.clientLeft ? "margin-left" : "margin-right";
      const room = parseFloat(getComputedStyle(page).getPropertyValue(side)) + innerWidth - page.clientWidth;
      sheets.push((this.#lid = sheet(`${STILL};overflow:hidden!important;${side}:${room}px!important}`)));
    } else if (this.#lid) {
      this.#lid.replaceSync(STILL + "}");
      void page.clientWidth; // all is as it was before the page's own transitions come back
      sheets.splice(sheets.indexOf(this.#lid), 1);
    }
  }
}

for (const [name, absent] of Object.entries(ATTRIBUTES)) {
  const flag = absent === false;
  Object.defineProperty(EaselStudio.prototype, name, {
    get() {
      return flag ? this.hasAttribute(name) : (this.getAttribute(name) ?? absent);
    },
    set(value) {
      if (flag ? !value : value == null) this.removeAttribute(name);
      else this.setAttribute(name, flag ? "" : value);
    },
  });
}

if (!customElements.get("easel-studio")) customElements.define("easel-studio", EaselStudio);
