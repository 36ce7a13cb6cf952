import { World } from "../src/index.ts";
import { scenarioSuite } from "../src/scenario-suite.ts";

await scenarioSuite(`${import.meta.dirname}/scenarios`, () => {
  const world = new World({ seed: 1 });
  const clock = world.clock();
  const fired: string[] = [];
  return async ({ name, args, options }) => {
    if (name === "after") {
      const [label = ""] = args;
      clock.after(Number(options.get("ms")), () => fired.push(`${world.elapsedMs} ms: ${label}`));
      return "";
    }
    if (name !== "run") throw new Error(`there is no command '${name}'`);
    await world.run(Number(options.get("ms")));
    return fired.splice(0).join("\n");
  };
});
