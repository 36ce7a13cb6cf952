import { closeSync, fsyncSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { copiesOf } from "./copies.ts";
import { type Finding, fail, ok, warn } from "./finding.ts";

/** Less free space than this is soon none. */
const freeBytesMin = 256 * 1024 * 1024;
/** A connection is a file, and so are a log and its snapshots. */
const openFilesMin = 1_024;
/** Libraries of which two copies in one program do not know each other's objects. */
const singletons = ["@libp2p/interface", "@mosaik/transport", "@mosaik/primitives"];

/** The runtime: what mosaik needs of it. */
export function runtimeCheck(): Finding {
  const { node } = process.versions;
  const lacks = ["WebSocket", "navigator"].filter((name) => !(name in globalThis));
  if (typeof Promise.withResolvers !== "function") lacks.push("Promise.withResolvers");
  if (lacks.length === 0) return ok("runtime", `Node.js ${node}`);
  const text = `Node.js ${node} lacks ${lacks.join(", ")}`;
  return fail("runtime", text, "use Node.js 22.18, 24.11, 26 or newer");
}

/** Whether pages can be talked to without a relay: what does that is installed by who needs it. */
export async function webrtcCheck(): Promise<Finding> {
  const error = await import("@mosaik/transport/webrtc").then(() => undefined, String);
  if (error === undefined) return ok("webrtc", "WebRTC can be used");
  if (/ERR_MODULE_NOT_FOUND|Cannot find (package|module)/.test(error)) {
    return ok("webrtc", "WebRTC is not installed: pages are reached by WebSockets and relays");
  }
  return warn("webrtc", `WebRTC cannot be used: ${error}`, "install @libp2p/webrtc anew");
}

/** Whether the process may have as many files and sockets open as a node of many peers has. */
export function filesCheck(): Finding {
  const limit = openFilesMax();
  if (limit === undefined || limit >= openFilesMin) {
    return ok("files", "enough files and sockets may be open at once");
  }
  const text = `only ${limit} files and sockets may be open at once`;
  return warn("files", text, "raise the limit: ulimit -n 65536, or LimitNOFILE of systemd");
}

/** What the report of the process says, where the platform has such a limit. */
function openFilesMax(): number | undefined {
  Object.assign(process.report, { excludeNetwork: true }); // it would ask for the names of all ends
  const { userLimits } = process.report.getReport() as {
    readonly userLimits?: { readonly open_files?: { readonly soft?: unknown } };
  }; // as its documentation has it
  const soft = userLimits?.open_files?.soft;
  return typeof soft === "number" ? soft : undefined;
}

/** Copies of libraries below a folder that must be there once. */
export function copiesCheck(folder: string): Finding {
  for (const name of singletons) {
    const versions = copiesOf(folder, name);
    if (versions.length < 2) continue;
    const text = `${name} is installed in ${versions.length} versions: ${versions.join(", ")}`;
    return fail(
      "packages",
      text,
      "update what depends on the older one, then dedupe the installation",
    );
  }
  return ok("packages", "no library is installed twice");
}

/** Whether an address can be listened on: `host:port`, or `/ip4/host/tcp/port`. */
export async function listenCheck(address: string): Promise<Finding> {
  const [, host, port] =
    /^(?:wss?:\/\/)?([^/\s]+):(\d+)/.exec(address) ??
    /^\/(?:ip4|ip6)\/([^/]+)\/tcp\/(\d+)/.exec(address) ??
    [];
  if (host === undefined) return fail("listen", `'${address}' is no address`, "say 0.0.0.0:4180");
  const error = await listenError(host.replace(/^\[|\]$/g, ""), Number(port));
  if (error === undefined) return ok("listen", `${address} is free`);
  if (error === "EADDRINUSE") {
    const remedy = "end the process that listens there, or choose another port";
    return fail("listen", `the port of ${address} is taken`, remedy);
  }
  const text =
    error === "EACCES" ? `this user may not use the port of ${address}` : `${address}: ${error}`;
  return fail("listen", text, "choose another address");
}

function listenError(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

/** Whether data can be written to a folder, and how much room is left. */
export function folderCheck(folder: string): Finding {
  const probe = join(folder, ".mosaik-doctor");
  try {
    mkdirSync(folder, { recursive: true });
    writeThrough(probe);
    const { bavail, bsize } = statfsSync(folder);
    const free = bavail * bsize;
    const text = `${folder} can be written, ${Math.round(free / 1_000_000)} MB are free`;
    if (free >= freeBytesMin) return ok("disk", text);
    return warn("disk", text, "make room before it is full: a full disk halts a group's member");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    if (code === "ENOSPC") return fail("disk", `the disk of ${folder} is full`, "make room");
    return fail("disk", `${folder} cannot be written: ${code}`, "see who owns it, and its mode");
  } finally {
    rmSync(probe, { force: true });
  }
}

function writeThrough(file: string): void {
  const handle = openSync(file, "w", 0o600);
  try {
    writeSync(handle, Buffer.alloc(64 * 1024));
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
