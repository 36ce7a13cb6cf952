import type { MemberId } from "../../src/raft/member.ts";
import type { Request } from "./machine.ts";

/** What a node tells a client. */
export type Answer =
  | { readonly kind: "done"; readonly value: number }
  | { readonly kind: "elsewhere"; readonly leader: MemberId | undefined }
  | { readonly kind: "unknown" };

/** What a client waits for. */
export type Pending =
  | { readonly kind: "write"; readonly request: Request; readonly answer: (answer: Answer) => void }
  | { readonly kind: "read"; readonly key: number; readonly answer: (answer: Answer) => void };
