import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer, type TLSSocket } from "node:tls";
import { BatchSender, type Outlet } from "../batch-sender.ts";
import { FrameCutter } from "../frames.ts";
import type { Side } from "../side.ts";

/** What may wait in a socket before the producer waits for it. */
const waitingBytesMax = 1024 * 1024;

/** Length-framed node:tls 1.3, one connection a consumer: what encrypted TCP allows in Node. */
export const tlsSide: Side = {
  async produce({ load, consumers }) {
    const { makeCertificate } = await import("../certificate.ts"); // slow to load
    const certificate = await makeCertificate();
    const server = createServer({ ...certificate, minVersion: "TLSv1.3" });
    const sockets = new Set<TLSSocket>();
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // it listens on TCP
    const sender = new BatchSender({
      address: JSON.stringify({ port, cert: certificate.cert }),
      load,
      consumers,
      async close() {
        for (const socket of sockets) socket.destroy();
        server.close();
        await once(server, "close");
      },
    });
    server.on("secureConnection", (socket) => {
      sockets.add(socket);
      socket.on("error", () => socket.destroy());
      socket.setNoDelay(true);
      sender.add(outletOf(socket));
    });
    return sender;
  },

  async consume({ load }, address, arrivals) {
    const { port, cert } = JSON.parse(address);
    const socket = connect({
      host: "127.0.0.1",
      port,
      ca: cert,
      checkServerIdentity: () => undefined,
    });
    const frames = new FrameCutter((buffer, start, end) =>
      load.receivedBytes(buffer, start, end, arrivals),
    );
    socket.on("data", (chunk: Buffer) => frames.push(chunk));
    socket.on("error", (error) => arrivals.fail(error.message));
    await once(socket, "secureConnect");
    return {
      close: () => {
        socket.destroy();
        return Promise.resolve();
      },
    };
  },
};

function outletOf(socket: TLSSocket): Outlet {
  return {
    get full() {
      return socket.writableLength > waitingBytesMax;
    },
    write: (bytes) => void socket.write(bytes),
    onRoom: (call) => socket.once("drain", call),
  };
}
