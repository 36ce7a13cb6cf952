import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeCommandFrame, encodeCommandFrame, sessionKey } from "./command-frame.ts";

const position = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER - 1 });
const frames = fc.record({
  session: fc.uint8Array({ minLength: 16, maxLength: 16 }).map(sessionKey),
  settled: position,
  givenAt: position,
  commands: fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 }),
});

it("a frame comes back as it was", () => {
  fc.assert(
    fc.property(frames, ({ settled, ...rest }) => {
      const frame = { ...rest, settled, sequence: settled + 1 };
      expect(decodeCommandFrame(encodeCommandFrame(frame))).toEqual(frame);
    }),
  );
});

it("bytes that are no frame are refused, whatever they are", () => {
  fc.assert(
    fc.property(frames, fc.nat(), fc.nat(255), ({ settled, ...rest }, at, byte) => {
      const bytes = encodeCommandFrame({ ...rest, settled, sequence: settled + 1 });
      bytes[at % bytes.byteLength] = byte;
      decodeCommandFrame(bytes);
      expect(decodeCommandFrame(bytes.subarray(0, at % bytes.byteLength))).toBeUndefined();
    }),
  );
});
