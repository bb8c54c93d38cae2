// Types of the loader for programs that are bundled.

import type { EaselEventMap, EaselStudioElement, EaselTheme } from "./easel.js";

export * from "./easel.js";

/** Loads the element from an edge, such as `https://studio.example.com`; resolves once it is defined. */
export declare function loadEasel(edge: string): Promise<void>;

/** What a wrapper takes: the edge and the element's attributes. */
export interface EaselAttributes {
  edge: string;
  site: string;
  theme?: EaselTheme;
  locale?: string;
  prompt?: string;
  loading?: "lazy" | "eager";
  name?: string;
  required?: boolean;
}

export type EaselEvent<Name extends string> = EaselEventMap[`easel:${Name}` & keyof EaselEventMap];
export type { EaselEventMap, EaselStudioElement };

export declare const EVENTS: readonly string[];
export declare const ATTRIBUTES: readonly string[];
