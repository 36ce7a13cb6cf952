import { validate } from "@mosaik/primitives";
import { itemBytesMax } from "../config.ts";
import type { StreamDefinition } from "../define-stream.ts";
import { StreamError } from "../errors.ts";
import type { DecodeItem } from "./inbox.ts";

/** Makes bytes of an item. Throws a StreamError where it does not fit. */
export type EncodeItem<Item> = (item: Item) => Uint8Array;

/** How items of a stream become bytes: checked, encoded, measured. */
export function itemEncoder<Item>(definition: StreamDefinition<Item>): EncodeItem<Item> {
  const { codec, schema } = definition;
  return (item) => {
    let bytes: Uint8Array;
    try {
      bytes = codec.encode(schema === undefined ? item : checked(schema, item));
    } catch (cause) {
      const message = `the item does not fit the stream '${definition.name}'`;
      throw new StreamError("STREAM_ITEM_INVALID", message, { cause, data: { item } });
    }
    if (bytes.byteLength <= itemBytesMax) return bytes;
    const data = { item, bytes: bytes.byteLength };
    const message = `an item has ${data.bytes} bytes; ${itemBytesMax} are allowed`;
    throw new StreamError("STREAM_ITEM_TOO_LARGE", message, { data });
  };
}

/** How bytes become items of a stream: decoded, checked. Throws where they do not. */
export function itemDecoder<Item>(definition: StreamDefinition<Item>): DecodeItem<Item> {
  const { codec, schema } = definition;
  return (bytes) => {
    const decoded = codec.decode(bytes);
    if (!decoded.ok) throw decoded.error;
    return schema === undefined ? decoded.value : checked(schema, decoded.value);
  };
}

function checked<Item>(
  schema: NonNullable<StreamDefinition<Item>["schema"]>,
  value: unknown,
): Item {
  const result = validate(schema, value);
  if (!result.ok) throw result.error;
  return result.value;
}
