export { cborCodec } from "./codec/cbor.ts";
