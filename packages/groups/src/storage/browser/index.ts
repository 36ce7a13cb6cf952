export {
  type IndexedDbStorage,
  type IndexedDbStorageOptions,
  indexedDbStorage,
} from "./indexed-db-storage.ts";
