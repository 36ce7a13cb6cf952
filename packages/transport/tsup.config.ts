import { library } from "../../tsup.shared.ts";

export default library({
  index: "src/index.ts",
  libp2p: "src/libp2p/index.ts",
  "libp2p-browser": "src/libp2p/browser.ts",
  log: "src/libp2p/log.ts",
  meter: "src/libp2p/meter.ts",
  page: "src/libp2p/page-identity.ts",
  webrtc: "src/libp2p/webrtc.ts",
  memory: "src/memory/index.ts",
  conformance: "src/conformance/index.ts",
});
