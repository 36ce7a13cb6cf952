import { type Codec, jsonCodec, rawCodec, superjsonCodec } from "@mosaik/primitives";
import { msgpackCodec } from "@mosaik/primitives/msgpack";
import { defineStream, type StreamDefinition } from "@mosaik/streams";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import type { Joined, Observer } from "../network/join.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import { streamFacts } from "./rows.ts";

const codecs = {
  superjson: superjsonCodec,
  json: jsonCodec,
  msgpack: msgpackCodec,
  raw: rawCodec,
} as const;

/** The names of the codecs that an option can name. */
export const codecNames = ["superjson", "json", "msgpack", "raw"] as const;

/** How the user says that items travel. */
export interface Manner {
  readonly codec?: (typeof codecNames)[number] | undefined;
  readonly streamVersion?: number | undefined;
}

/**
 * A stream by its name, without its types. Its codec and version are what the user says, else what the
 * nodes say that produce or consume it, else the defaults.
 *
 * @throws CliError with `CLI_USAGE` where the nodes use a codec that is not known here.
 */
export async function definitionOf(
  host: Host,
  name: string,
  options: InspectOptions & Manner,
  joined: Joined<Observer>,
): Promise<StreamDefinition<unknown>> {
  const { codec: chosen, streamVersion } = options;
  const isSaid = chosen !== undefined && streamVersion !== undefined;
  const told = isSaid ? undefined : await toldBy(host, name, options, joined);
  const codec = chosen === undefined ? codecOf(told?.codec) : codecs[chosen];
  const version = streamVersion ?? told?.version ?? 1;
  // without its program nobody knows what its items are
  return defineStream<unknown>(name, { codec: codec as Codec<unknown>, version });
}

async function toldBy(
  host: Host,
  name: string,
  options: InspectOptions,
  joined: Joined<Observer>,
): Promise<{ readonly codec: string; readonly version: number } | undefined> {
  const { produced, consumed } = await streamFacts(host, options, joined);
  return [...produced, ...consumed].find((one) => one.name === name);
}

function codecOf(id: string | undefined): (typeof codecs)[keyof typeof codecs] {
  if (id === undefined) return superjsonCodec;
  const found = Object.values(codecs).find((codec) => codec.id === id);
  if (found !== undefined) return found;
  throw new CliError("CLI_USAGE", `the stream's items are '${id}', which is not known here`);
}
