export { blockFiles } from "./block-files.ts";
