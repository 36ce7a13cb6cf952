import type { ComponentType } from "preact";

/** A screen of the inspector. */
export interface Screen {
  /** Its name in addresses: `?s=topology`. */
  readonly id: string;
  readonly title: string;
  /** The letter that leads there, after `g`; none, and only links do. */
  readonly key?: string;
  /** The data of an icon's path, 16 by 16. */
  readonly icon: string;
  /** Whether it makes sense without a network or a recording. */
  readonly standsAlone?: boolean;
  /** Draws it, from `view`, `route` and `source` of the shell. */
  readonly component: ComponentType;
}
