import { library } from "../../tsup.shared.ts";

export default library({
  index: "src/index.ts",
  msgpack: "src/msgpack.ts",
  cbor: "src/cbor.ts",
  system: "src/system/node.ts",
  "system-browser": "src/system/browser.ts",
});
