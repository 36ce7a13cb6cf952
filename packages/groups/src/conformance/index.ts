export { type LogStorageBed, type LogStorageSuite, logStorageSuite } from "./suite.ts";
