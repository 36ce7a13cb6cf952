export { type FileStorageOptions, fileStorage, openDirectory } from "./file-storage.ts";
