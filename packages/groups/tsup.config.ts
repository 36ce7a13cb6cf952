import { library } from "../../tsup.shared.ts";

export default library({
  index: "src/index.ts",
  memory: "src/storage/memory/index.ts",
  node: "src/storage/node/index.ts",
  browser: "src/storage/browser/index.ts",
  conformance: "src/conformance/index.ts",
});
