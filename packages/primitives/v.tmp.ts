import { decodeHex, encodeHex } from "./src/bytes.ts";
import type { PeerId } from "./src/ids.ts";
import { ed25519 as b } from "./src/system/browser.ts";
import { ed25519 as n } from "./src/system/node.ts";

const small = [
  "0100000000000000000000000000000000000000000000000000000000000000",
  "0000000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "0100000000000000000000000000000000000000000000000000000000000080",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
];
for (const k of small) {
  let nn = 0,
    bb = 0,
    diff = 0;
  for (const r of small)
    for (let i = 0; i < 8; i++) {
      const sig = new Uint8Array(64);
      sig.set(decodeHex(r));
      const x = n.verify(k as PeerId, Uint8Array.of(i), sig),
        y = b.verify(k as PeerId, Uint8Array.of(i), sig);
      nn += +x;
      bb += +y;
      diff += +(x !== y);
    }
  console.log(k.slice(0, 8), k.slice(-2), nn, bb, diff);
}
