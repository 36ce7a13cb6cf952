export { msgpackCodec } from "./codec/msgpack.ts";
