import { serveCalls } from "../processes/serve.ts";
import type { Calls } from "./calls.ts";

serveCalls<Calls>(async () => (await import("./end.ts")).answers, ["pump"]);
