// What the studio's scripts know of each other, and of the program.

/** A built file, at the address that the build writes. */
declare module "%asset:*" {
  export default function load(from: { module_or_path: string }): Promise<unknown>;
  export function start(): void;
}

/** What happened before the program came, and what it takes over by: `app/src/browser/boot.rs` reads it. */
interface Easel {
  /** The last two are the ids of the notices: it could not start, or it has stopped. */
  phase: "early" | "running" | "broken" | "stopped";
  /** The document that was fetched again. The program puts its root in place, once it has read the form. */
  fresh?: Document;
  page: string | null;
  look: Record<string, string>;
  files: File[];
  messages: object[];
  image_worker: string;
  zip: string;
  touched?: boolean;
  submitted?: string | false;
  take(): void;
  end(): void;
}

declare var easel: Easel;
