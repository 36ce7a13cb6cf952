// A service of your own: a protocol, a factory, and it sits on the network under its name.
import { defineMessage, type PeerId } from "@mosaik/primitives";
import {
  createNetwork,
  defineProtocol,
  type Service,
  type ServiceFactory,
} from "@mosaik/transport";
import { libp2pTransport } from "@mosaik/transport/libp2p";
import * as v from "valibot";

const EchoProtocol = defineProtocol({
  name: "example/echo",
  version: 1,
  message: defineMessage({ name: "example/echo", bytesMax: 1024, schema: v.string() }),
});

interface Echo extends Service {
  /** Connects to whoever is at an address. */
  find(address: string): Promise<PeerId>;
  /** Sends a text to a peer and waits for what comes back. */
  shout(peer: PeerId, text: string): Promise<string>;
}

/** Answers every text with the same text, louder. */
const echo: ServiceFactory<Echo> = {
  needs: [],
  create(context) {
    const serving = context.serve(EchoProtocol, (link) => {
      link.listen({ message: (text) => link.send(`${text.toUpperCase()}!`), closed: () => {} });
    });
    return {
      find: (address) => context.connect(address),
      async shout(peer, text) {
        const link = await context.open(EchoProtocol, peer);
        return new Promise((resolve, reject) => {
          link.listen({
            message: (answer) => {
              resolve(answer);
              link.close();
            },
            closed: (reason) => reject(new Error(`closed: ${reason.name}`)),
          });
          link.send(text);
        });
      },
      close: async () => serving[Symbol.dispose](),
    };
  },
};

const start = () =>
  createNetwork({
    network: "custom-service",
    transport: libp2pTransport({ listen: ["/ip4/127.0.0.1/tcp/0"] }),
    services: { echo },
  });

const ada = await start();
const ben = await start();
const [address = ""] = ada.addresses;
console.log(await ben.echo.shout(await ben.echo.find(address), "hello"));
await ben.close();
await ada.close();
