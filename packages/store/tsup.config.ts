import { library } from "../../tsup.shared.ts";

export default library({
  index: "src/index.ts",
  node: "src/replay/node/index.ts",
  browser: "src/replay/browser/index.ts",
});
