export { type IndexedDbBlocksOptions, indexedDbBlocks } from "./indexed-db-blocks.ts";
