import { describe, expect, it } from "vitest";
import { Mailbox } from "./mailbox.ts";

describe("Mailbox", () => {
  it("handles a message at once", () => {
    const seen: number[] = [];
    const mailbox = new Mailbox<number>((message) => void seen.push(message));
    mailbox.post(1);
    expect(seen).toEqual([1]);
  });

  it("lets what is posted while it handles wait for its turn, in order", () => {
    const seen: string[] = [];
    const mailbox = new Mailbox<number>((message) => {
      seen.push(`begin ${message}`);
      if (message === 1) {
        mailbox.post(2);
        mailbox.post(3);
      }
      seen.push(`end ${message}`);
    });
    mailbox.post(1);
    expect(seen).toEqual(["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]);
  });

  it("takes a long burst without nesting calls", () => {
    let handled = 0;
    const mailbox = new Mailbox<number>((message) => {
      handled++;
      if (message > 0) mailbox.post(message - 1);
    });
    mailbox.post(100_000);
    expect(handled).toBe(100_001);
  });

  it("drops what waits and takes no more once closed", () => {
    const seen: number[] = [];
    const mailbox = new Mailbox<number>((message) => {
      seen.push(message);
      mailbox.post(message + 1);
      mailbox.close();
    });
    mailbox.post(1);
    mailbox.post(9);
    expect(seen).toEqual([1]);
    expect(mailbox.closed).toBe(true);
  });

  it("closes where its handler throws: the error goes to the poster, what waits is dropped", () => {
    const seen: number[] = [];
    const mailbox = new Mailbox<number>((message) => {
      seen.push(message);
      if (message === 1) {
        mailbox.post(2);
        throw new Error("half done");
      }
    });
    expect(() => mailbox.post(1)).toThrow("half done");
    expect(mailbox.closed).toBe(true);
    mailbox.post(3);
    expect(seen).toEqual([1]);
  });
});
