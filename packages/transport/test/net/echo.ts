import { defineMessage } from "@mosaik/primitives";
import * as v from "valibot";
import {
  type CloseReason,
  createNetwork,
  defineProtocol,
  type Link,
  type Network,
  type NetworkInit,
  type Service,
  type ServiceContext,
  type ServiceFactory,
} from "../../src/index.ts";

export const EchoProtocol = defineProtocol({
  name: "test/echo",
  version: 1,
  message: defineMessage({ name: "test/echo", bytesMax: 1024, schema: v.string() }),
  dataBytesMax: 64 * 1024,
  reasons: { tired: 100 },
});

export type EchoLink = Link<string, typeof EchoProtocol.reasons>;

/** Sends every text back, and shows what it sees. */
export interface Echo extends Service {
  readonly context: ServiceContext;
  readonly served: EchoLink[];
  readonly heard: string[];
  readonly closed: CloseReason[];
}

export function echo(): ServiceFactory<Echo> {
  return {
    needs: [],
    create(context) {
      const served: EchoLink[] = [];
      const heard: string[] = [];
      const closed: CloseReason[] = [];
      const serving = context.serve(EchoProtocol, (link) => {
        served.push(link);
        link.listen({
          message: (text) => {
            heard.push(text);
            if (text === "tired?") link.close("tired", "very");
            else link.send(text);
          },
          closed: (reason) => closed.push(reason),
        });
      });
      return { context, served, heard, closed, close: async () => serving[Symbol.dispose]() };
    },
  };
}

export type EchoNode = Network<{ echo: ServiceFactory<Echo> }>;

export function createEchoNode(
  init: Omit<NetworkInit<{ echo: ServiceFactory<Echo> }>, "services" | "network"> & {
    readonly network?: string;
  },
): Promise<EchoNode> {
  return createNetwork({ network: "echo", ...init, services: { echo: echo() } });
}
