// Types of <EaselStudio> for Vue.

import type { DefineSetupFnComponent } from "vue";
import type { EaselAttributes, EaselEvent } from "./index.js";

export type EaselStudioEvents = {
  ready: (event: EaselEvent<"ready">) => void;
  start: (event: EaselEvent<"start">) => void;
  progress: (event: EaselEvent<"progress">) => void;
  picture: (event: EaselEvent<"picture">) => void;
  done: (event: EaselEvent<"done">) => void;
  problem: (event: EaselEvent<"problem">) => void;
  cancel: (event: EaselEvent<"cancel">) => void;
  download: (event: EaselEvent<"download">) => void;
  choose: (event: EaselEvent<"choose">) => void;
};

export declare const EaselStudio: DefineSetupFnComponent<EaselAttributes, EaselStudioEvents>;
