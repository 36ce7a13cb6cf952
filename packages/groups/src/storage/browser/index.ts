export {
  type IndexedDbStorage,
  type IndexedDbStorageOptions,
  indexedDbStorage,
} from "./indexed-db-storage.ts";
export { takeLock } from "./room-lock.ts";
