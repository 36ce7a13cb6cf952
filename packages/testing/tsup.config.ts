import { library } from "../../tsup.shared.ts";

export default library({
  index: "src/index.ts",
  scenario: "src/scenario-suite.ts",
  processes: "src/node/leash.ts",
  guard: "src/node/guard.ts",
});
