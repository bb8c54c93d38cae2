// What `easel.js` defines: the element <easel-studio>, its events and their details.

export type EaselTheme = "auto" | "light" | "dark";
export type EaselQuality = "low" | "medium" | "high";
export type EaselMediaType = "image/png" | "image/webp" | "image/jpeg";

/** Every reason for which there can be no picture. */
export type EaselProblem =
  | "invalid-request" | "session-required" | "operator-only" | "challenge-failed" | "origin-not-allowed" | "unknown-site"
  | "unknown-job" | "not-found" | "method-not-allowed" | "picture-gone" | "too-large" | "idempotency-mismatch"
  | "prompt-refused" | "visitor-limit" | "gateway-failed" | "gateway-refused" | "busy" | "site-closed" | "budget-spent"
  | "misconfigured" | "interrupted" | "offline";

/** Events bubble and are composed. None carries the prompt, a job's id or a URL. */
export interface EaselEventMap {
  "easel:ready": CustomEvent<{ version: string }>;
  "easel:start": CustomEvent<{ count: number; size: string; quality: EaselQuality }>;
  "easel:progress": CustomEvent<{ elapsed_ms: number; expected_ms: number | null }>;
  "easel:picture": CustomEvent<{ index: number; width: number; height: number; media_type: EaselMediaType }>;
  "easel:done": CustomEvent<{ pictures: number }>;
  "easel:problem": CustomEvent<{ kind: EaselProblem }>;
  "easel:cancel": CustomEvent<Record<string, never>>;
  "easel:download": CustomEvent<{ media_type: EaselMediaType }>;
  /** The visitor uses this picture: the original bytes. In a form they are submitted under `name`. */
  "easel:choose": CustomEvent<{ file: File | null }>;
}

export interface EaselStudioElement extends HTMLElement {
  /** The site's id at the edge. */
  site: string;
  theme: EaselTheme;
  /** A BCP 47 tag; without one the language of the page around it. */
  locale: string;
  /** What the prompt begins with. */
  prompt: string;
  /** `lazy`: nothing is requested before the element comes near the window. */
  loading: "lazy" | "eager";
  /** The form field that a chosen picture is submitted under. */
  name: string;
  /** With a `name`: the form is not sent without a chosen picture. */
  required: boolean;

  /** Makes pictures of this prompt, or of the one in the form. */
  generate(prompt?: string): void;
  /** Cancels what runs. */
  cancel(): void;
  /** Empties the gallery, but for what the visitor keeps on their device. */
  clear(): void;
  /** Puts the focus into the prompt. */
  focus(): void;
  /** Opens the studio over the whole window. */
  expand(): void;
  /** Gives the window back; so does Esc. */
  collapse(): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "easel-studio": EaselStudioElement;
  }
  interface GlobalEventHandlersEventMap extends EaselEventMap {}
}
