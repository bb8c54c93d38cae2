// `easel init`: writes the configuration to edit into the current folder. Must not replace a file.

import { readFileSync, writeFileSync } from "node:fs";
import { OWN, SHIPPED, fact } from "./rules.mjs";

export function run() {
  try {
    writeFileSync(OWN, readFileSync(SHIPPED), { flag: "wx" });
  } catch ({ code }) {
    throw new Error(code === "EEXIST" ? `${OWN} is there already` : `cannot write ${OWN} (${code})`);
  }
  fact("written", OWN);
  fact("", "set its origins and budget; serve, check and deploy read it in this folder");
}
