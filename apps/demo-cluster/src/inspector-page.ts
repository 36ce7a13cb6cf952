import { spawn } from "node:child_process";
import { servePage } from "@mosaik/inspector/page";
import type { Cluster } from "./cluster.ts";

/** Where the inspector of a cluster is. */
export interface InspectorPage {
  /** Leads to the page with an invite in its fragment. */
  readonly link: string;
  /** Opens it in the browser of whoever sits at this machine, where there is one. */
  open(): void;
}

const openers: Readonly<Record<string, readonly string[]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
  linux: ["xdg-open"],
};

/** Serves the inspector, with an invite to a cluster. It is built when somebody first looks at it. */
export async function offerInspector({ observer }: Cluster): Promise<InspectorPage> {
  const { linkTo } = await servePage();
  const link = linkTo(observer.node.invite());
  return { link, open: () => openInBrowser(link) };
}

function openInBrowser(link: string): void {
  const [command, ...args] = openers[process.platform] ?? [];
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  const hasScreen = process.platform !== "linux" || DISPLAY || WAYLAND_DISPLAY;
  if (command === undefined || !hasScreen) return;
  const child = spawn(command, [...args, link], { stdio: "ignore", detached: true });
  child.on("error", () => {}); // there is no such program: the link is there to be copied
  child.unref();
}
