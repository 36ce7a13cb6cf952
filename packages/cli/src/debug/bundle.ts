import { writeFileSync } from "node:fs";
import { arch, platform, release } from "node:os";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { isMosaikError } from "@mosaik/primitives";
import {
  type DiagnosticEvent,
  type Inspection,
  LogsSection,
  MetricsSection,
  type MissedEvents,
} from "@mosaik/transport";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { observe } from "../network/join.ts";
import { lookInto, readKeyOf } from "../network/look.ts";
import { readSide } from "../network/sides.ts";
import { bytes } from "../output/figures.ts";
import { Printer } from "../output/printer.ts";
import type { InspectOptions } from "../settings/common-options.ts";
import { readSecret } from "../settings/secrets.ts";
import { version } from "../version.ts";
import { redacted } from "./redacted.ts";

/** What `debug bundle` is told. */
export type BundleOptions = InspectOptions & { readonly out?: string | undefined };

/** Newest events of each node, and how long to wait for the last of them, ms. */
const eventsMax = 5_000;
const eventsQuietMs = 300;

/**
 * Writes what a maintainer needs to understand a network into one file: versions, options, and what
 * all nodes that let us look say of themselves. No secret, no key, no invite, no item of a stream and
 * no entry of a log is in it.
 */
export async function bundle(host: Host, options: BundleOptions): Promise<void> {
  const printer = new Printer(host, options);
  const secrets = await secretsOf(host, options);
  const file = resolve(host.cwd, options.out ?? "mosaik-bundle.json.gz");
  await observe(host, options, async ({ node, deadline }) => {
    const peers = [node.peer, ...node.discovery.catalog.value.peers.keys()];
    const init = { key: await readKeyOf(host, options), signal: deadline };
    const looks = await lookInto(node, peers, init, (inspection) => tellAll(inspection, deadline));
    const nodes = [...looks].map(([peer, look]) =>
      look.ok
        ? look.value
        : { peer, silent: isMosaikError(look.error) ? look.error.code : "failed" },
    );
    const content = redacted(
      {
        v: 1,
        madeAt: new Date().toISOString(),
        cli: version,
        system: { node: process.version, platform: platform(), release: release(), arch: arch() },
        options,
        nodes,
      },
      secrets,
    );
    const packed = gzipSync(JSON.stringify(content));
    write(file, packed);
    const told = nodes.filter((one) => !("silent" in one)).length;
    const facts = {
      file,
      bytes: packed.byteLength,
      nodes: nodes.length,
      silent: nodes.length - told,
    };
    printer.one(
      facts,
      () => [
        [{ text: `${file}: ${bytes(packed.byteLength)}, ${told} of ${nodes.length} nodes` }],
        [{ text: "read it before you send it: gunzip --stdout" }],
      ],
      file,
    );
  });
}

async function tellAll(inspection: Inspection, signal: AbortSignal) {
  const side = await readSide(inspection, signal);
  const options = { signal };
  return {
    ...side,
    metrics: await inspection.read(MetricsSection, options),
    ...(inspection.sections.has(LogsSection.name)
      ? { logs: await inspection.read(LogsSection, options) }
      : {}),
    events: await eventsOf(inspection, signal),
  };
}

async function eventsOf(inspection: Inspection, signal: AbortSignal) {
  const events: (DiagnosticEvent | MissedEvents)[] = [];
  const quiet = new AbortController();
  const end = (): void => quiet.abort();
  let timer = setTimeout(end, eventsQuietMs);
  for await (const event of inspection.events({
    signal: AbortSignal.any([signal, quiet.signal]),
  })) {
    events.push(event);
    clearTimeout(timer);
    timer = setTimeout(end, eventsQuietMs);
    if (events.length >= eventsMax) break;
  }
  clearTimeout(timer);
  return events;
}

/** All secrets that the options name, as they are. */
async function secretsOf(host: Host, options: BundleOptions): Promise<string[]> {
  const { secret: text, secretFile: file, secretEnv: env } = options;
  const found = [
    // what comes by the standard input can be read once, and is not in the options
    file === "-" ? undefined : await readSecret(host, { text, file, env }),
    options.readKeyFile === "-" ? undefined : await readKeyOf(host, options),
  ];
  return found.filter((secret) => secret !== undefined);
}

function write(file: string, content: Uint8Array): void {
  try {
    writeFileSync(file, content, { mode: 0o600 });
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
    throw new CliError("CLI_FILE", `${file} cannot be written: ${reason}`, { cause });
  }
}
