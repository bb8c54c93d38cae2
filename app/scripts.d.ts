// What the studio's scripts know of each other, and of the program.

/** A built file, at the address that the build writes. */
declare module "%asset:*" {
  export default function load(from: { module_or_path: string }): Promise<unknown>;
  export function start(): void;
}

/** What happened before the program came, and what it takes over by: `app/src/browser/boot.rs` reads it. */
interface Easel {
  phase: "early" | "running" | "broken";
  /** The root of the document that was fetched again. */
  root?: Element | null;
  page: string | null;
  look: Record<string, string>;
  files: File[];
  messages: object[];
  image_worker: string;
  zip: string;
  touched?: boolean;
  submitted?: string | false;
  take(): void;
  broken(): void;
}

declare var easel: Easel;
