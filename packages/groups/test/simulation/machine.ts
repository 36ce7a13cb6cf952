/** What a client asks of the replicated registers. */
export interface Request {
  readonly client: number;
  /** Rises with each operation of a client; a retry keeps it. */
  readonly sequence: number;
  readonly key: number;
  readonly kind: "write" | "swap";
  readonly expected: number;
  readonly value: number;
}

/** A request as a command's bytes. */
export function encodeRequest(request: Request): Uint8Array {
  const bytes = new Uint8Array(16);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, request.client);
  view.setUint32(2, request.sequence);
  view.setUint8(6, request.key);
  view.setUint8(7, request.kind === "write" ? 0 : 1);
  view.setUint32(8, request.expected);
  view.setUint32(12, request.value);
  return bytes;
}

function decodeRequest(bytes: Uint8Array): Request {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return {
    client: view.getUint16(0),
    sequence: view.getUint32(2),
    key: view.getUint8(6),
    kind: view.getUint8(7) === 0 ? "write" : "swap",
    expected: view.getUint32(8),
    value: view.getUint32(12),
  };
}

/** Numbers in registers, each client's operations applied at most once, and a running hash. */
export class Machine {
  readonly registers = new Map<number, number>();
  /** By client: its latest operation and what that answered. */
  readonly sessions = new Map<number, { readonly sequence: number; readonly answer: number }>();
  applied = 0;
  hash = 17;

  /** What a snapshot of it takes, bytes. */
  get bytes(): number {
    return 8 + 5 * this.registers.size + 7 * this.sessions.size;
  }

  /** Applies a command; answers the request where it was applied for the first time. */
  apply(index: number, data: Uint8Array): Request | undefined {
    this.applied = index;
    this.hash = mix(this.hash, index);
    if (data.byteLength === 0) return undefined;
    for (let at = 0; at < data.byteLength; at++) this.hash = mix(this.hash, data[at] ?? 0);
    const request = decodeRequest(data);
    if ((this.sessions.get(request.client)?.sequence ?? 0) >= request.sequence) return undefined;
    const value = this.registers.get(request.key) ?? 0;
    const acts = request.kind === "write" || value === request.expected;
    if (acts) this.registers.set(request.key, request.value);
    this.sessions.set(request.client, { sequence: request.sequence, answer: acts ? 1 : 0 });
    return request;
  }

  /** A copy that later changes leave alone. */
  copy(): Machine {
    const copy = new Machine();
    for (const [key, value] of this.registers) copy.registers.set(key, value);
    for (const [client, session] of this.sessions) copy.sessions.set(client, session);
    copy.applied = this.applied;
    copy.hash = this.hash;
    return copy;
  }
}

/** A 32-bit hash of a hash and a number. */
export function mix(hash: number, value: number): number {
  let mixed = Math.imul(hash ^ value, 0x9e3779b1);
  mixed ^= mixed >>> 15;
  mixed = Math.imul(mixed, 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
