export { StoreError, type StoreErrorCode } from "./errors.ts";
export { stores } from "./service.ts";
export type { Stores } from "./stores.ts";
