// Types of <EaselStudio> for React.

import type { CSSProperties, ForwardRefExoticComponent, ReactNode, RefAttributes } from "react";
import type { EaselAttributes, EaselEvent, EaselStudioElement } from "./index.js";

export interface EaselStudioProps extends EaselAttributes {
  onReady?: (event: EaselEvent<"ready">) => void;
  onStart?: (event: EaselEvent<"start">) => void;
  onProgress?: (event: EaselEvent<"progress">) => void;
  onPicture?: (event: EaselEvent<"picture">) => void;
  onDone?: (event: EaselEvent<"done">) => void;
  onProblem?: (event: EaselEvent<"problem">) => void;
  onCancel?: (event: EaselEvent<"cancel">) => void;
  onDownload?: (event: EaselEvent<"download">) => void;
  onChoose?: (event: EaselEvent<"choose">) => void;
  /** Stands in for the studio if it does not come. */
  children?: ReactNode;
  className?: string;
  id?: string;
  style?: CSSProperties;
}

export declare const EaselStudio: ForwardRefExoticComponent<EaselStudioProps & RefAttributes<EaselStudioElement>>;
