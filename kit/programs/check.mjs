// `easel check`: says what is wrong with a configuration. Must not start anything.

import { ask, configuration, fact, today, warn } from "./rules.mjs";

export function run({ config }) {
  const { text, path, wrangler } = configuration(config);
  fact("reads", path);
  const { sites, networks, warnings, refusal } = ask("check", { text, wrangler, today: today() });
  fact("configuration", "valid");
  fact("sites", sites.join(", "));
  for (const network of networks) fact("one network", network);
  warnings.forEach(warn);
  if (refusal !== null) throw new Error(refusal);
}
