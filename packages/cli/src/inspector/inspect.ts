import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { formatInvite } from "@mosaik/transport";
import { CliError } from "../errors.ts";
import type { Host } from "../host.ts";
import { type Joined, type Observer, observe } from "../network/join.ts";
import { readKeyOf, writeKeyOf } from "../network/look.ts";
import { Printer, say } from "../output/printer.ts";
import { whenAborted } from "../output/repeat.ts";
import type { ActOptions } from "../settings/common-options.ts";
import { readSecret } from "../settings/secrets.ts";
import { pageFolder } from "./page-folder.ts";
import { servePage } from "./serve.ts";

/** What `inspect` is told. */
export type InspectorOptions = ActOptions & {
  readonly port?: string | undefined;
  readonly open: boolean;
  readonly page?: string | undefined;
};

const addressDefault = "127.0.0.1:4181";
/** Pages come by WebSockets, from this machine. */
const listens = ["/ip4/127.0.0.1/tcp/0/ws"];

/** Serves the inspector until the user ends it; the page joins through this node. */
export async function inspect(host: Host, options: InspectorOptions): Promise<void> {
  const printer = new Printer(host, options, "ndjson");
  const folder = options.page === undefined ? pageFolder() : resolve(host.cwd, options.page);
  const address = addressOf(options.port ?? addressDefault);
  const manner = { listen: listens };
  await observe(
    host,
    options,
    async (joined) => {
      await using page = await servePage(folder, address);
      const invite = await inviteOf(host, options, joined);
      const url = page.linkTo(`#join=${encodeURIComponent(invite)}`);
      if (printer.format === "table") printer.value(`open once: ${url}`);
      else printer.item({ event: "serving", url }, () => []);
      if (options.open && host.output.isTTY === true) open(host, options, url);
      await whenAborted(joined.signal);
    },
    manner,
  );
}

/** Nobody else than this machine is served, whatever is asked for. */
function addressOf(given: string): string {
  const address = /^\d+$/.test(given) ? `127.0.0.1:${given}` : given;
  if (/^(127\.0\.0\.1|localhost)?:\d+$/.test(address)) return address;
  throw new CliError("CLI_USAGE", `'${given}' is not of this machine`, {
    hint: "serve it on 127.0.0.1, and reach it through ssh -L from elsewhere",
  });
}

async function inviteOf(
  host: Host,
  options: InspectorOptions,
  { node }: Joined<Observer>,
): Promise<string> {
  const { secret: text, secretFile: file, secretEnv: env } = options;
  const secret = await readSecret(host, { text, file, env });
  const readKey = await readKeyOf(host, options);
  const writeKey = await writeKeyOf(host, options);
  return formatInvite({
    network: node.name,
    seeds: node.addresses.slice(0, 16),
    ...(secret === undefined ? {} : { secret }),
    ...(readKey === undefined ? {} : { readKey }),
    ...(writeKey === undefined ? {} : { writeKey }),
  });
}

const openers: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

function open(host: Host, options: InspectorOptions, url: string): void {
  const [program, ...args] = openers[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, url], { stdio: "ignore", detached: true });
  child.once("error", () => say(host, options, "no browser could be opened: open it yourself"));
  child.unref();
}
