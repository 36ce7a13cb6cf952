export { type FileStorageOptions, fileStorage } from "@mosaik/groups/node";
