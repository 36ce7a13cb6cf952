import type { CloseReason, Link } from "@mosaik/transport";

/** A link whose messages, data and end are noted, and that may answer. */
export class NotedLink<Message> {
  readonly messages: Message[] = [];
  bytes = 0;
  reason: CloseReason | undefined;
  readonly link: Link<Message>;

  constructor(link: Link<Message>, answer: (message: Message) => void = () => {}) {
    this.link = link;
    link.listen({
      message: (message) => {
        this.messages.push(message);
        answer(message);
      },
      data: (frames) => {
        this.bytes += frames.byteLength;
      },
      closed: (reason) => {
        this.reason = reason;
      },
    });
  }
}
