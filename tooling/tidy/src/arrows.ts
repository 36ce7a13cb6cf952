/** Which packages of this repository a package may stand on, needs of needs included. */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  "@mosaik/primitives": [],
  "@mosaik/testing": ["@mosaik/primitives"],
  "@mosaik/transport": ["@mosaik/primitives"],
  "@mosaik/discovery": ["@mosaik/primitives", "@mosaik/transport"],
  "@mosaik/streams": ["@mosaik/primitives", "@mosaik/transport", "@mosaik/discovery"],
  "@mosaik/groups": ["@mosaik/primitives", "@mosaik/transport", "@mosaik/discovery"],
  "@mosaik/store": [
    "@mosaik/primitives",
    "@mosaik/transport",
    "@mosaik/discovery",
    "@mosaik/streams",
    "@mosaik/groups",
  ],
  mosaik: [
    "@mosaik/primitives",
    "@mosaik/transport",
    "@mosaik/discovery",
    "@mosaik/streams",
    "@mosaik/groups",
    "@mosaik/store",
  ],
  "@mosaik/cli": [
    "@mosaik/primitives",
    "@mosaik/transport",
    "@mosaik/discovery",
    "@mosaik/streams",
    "@mosaik/groups",
    "@mosaik/store",
    "mosaik",
  ],
};

/** Whether a name is of this repository. */
export function isOwn(name: string): boolean {
  return name === "mosaik" || name.startsWith("@mosaik/");
}

/** Whether a published package may stand on another. Its tests may use the testing package too. */
export function mayUse(user: string, used: string, forTests: boolean): boolean {
  if (user === used) return true;
  if (arrows[user]?.includes(used)) return true;
  return forTests && used === "@mosaik/testing" && user !== "@mosaik/primitives";
}

/** The name of the package that an import takes from; `undefined` for a file or a part of Node. */
export function packageOf(specifier: string): string | undefined {
  if (/^(\.|node:)/.test(specifier)) return undefined;
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : parts[0];
}
