import type {
  CodecErrorCode,
  ConditionErrorCode,
  SchemaErrorCode,
  SignedErrorCode,
} from "@mosaik/primitives";
import type { Page } from "./page.ts";

type ValueErrorCode = CodecErrorCode | ConditionErrorCode | SchemaErrorCode | SignedErrorCode;

/** Of values, their forms, and waiting for them. */
export const valuePages: Readonly<Record<ValueErrorCode, Page>> = {
  CODEC_MALFORMED: {
    meaning: "The bytes are not of this codec: garbage, cut off, or with something after the end.",
    hint: "use the same codec on both sides",
  },
  CODEC_TOO_DEEP: {
    meaning: "A value is nested more than 64 deep.",
    hint: "make it flatter",
  },
  CODEC_FORBIDDEN_KEY: {
    meaning: "A value has a key that could reach an object's prototype.",
    hint: "name the key otherwise",
  },
  CODEC_UNENCODABLE: {
    meaning: "A value has no form in this codec.",
    hint: "choose another codec, or send plain data",
  },
  CONDITION_CLOSED: {
    meaning: "What was waited for has closed.",
    hint: "wait before you close it",
  },
  MESSAGE_TOO_LARGE: {
    meaning: "A message has more bytes than its kind may have.",
    hint: "send less at once",
  },
  MESSAGE_MALFORMED: {
    meaning: "The bytes are no message.",
    hint: "run the same version of mosaik on both sides",
  },
  MESSAGE_MISMATCH: {
    meaning: "The bytes decode, but not to what the message is.",
    hint: "run the same version of mosaik on both sides",
  },
  SCHEMA_MISMATCH: {
    meaning: "A value does not fit its schema.",
    hint: "the message says where it differs",
  },
  SCHEMA_ASYNC: {
    meaning: "A schema validates asynchronously, which ordered paths cannot wait for.",
    hint: "use a synchronous schema",
  },
  SIGNATURE_INVALID: {
    meaning: "A signature does not fit what it signs.",
    hint: "find out who passes it on: that peer is broken or hostile",
  },
};
