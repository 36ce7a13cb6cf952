import { describe, expect, test } from "vitest";
import {
  checkLinearizable,
  type Operation,
  type RegisterInput,
  registerModel,
} from "./linearizability.ts";

type RegisterOperation = Operation<RegisterInput, number | undefined>;

const write = (value: number, calledAt: number, returnedAt?: number): RegisterOperation => ({
  client: 1,
  input: { kind: "write", value },
  calledAt,
  ...(returnedAt === undefined ? {} : { returnedAt }),
});

const read = (output: number, calledAt: number, returnedAt: number): RegisterOperation => ({
  client: 2,
  input: { kind: "read" },
  calledAt,
  returnedAt,
  output,
});

const verdict = (...history: RegisterOperation[]): string =>
  checkLinearizable(registerModel(0), history).state;

describe("checkLinearizable", () => {
  test("an empty history is linearizable", () => {
    expect(verdict()).toBe("linearizable");
  });

  test("a read sees the write that returned before it", () => {
    expect(verdict(write(1, 0, 1), read(1, 2, 3))).toBe("linearizable");
    expect(verdict(write(1, 0, 1), read(0, 2, 3))).toBe("violated");
  });

  test("a read that overlaps a write may see either value", () => {
    expect(verdict(write(1, 0, 5), read(0, 1, 2))).toBe("linearizable");
    expect(verdict(write(1, 0, 5), read(1, 1, 2))).toBe("linearizable");
  });

  test("reads never go back to an earlier value", () => {
    expect(verdict(write(1, 0, 9), read(1, 1, 2), read(0, 3, 4))).toBe("violated");
  });

  test("a write of unknown outcome may happen late, or never", () => {
    expect(verdict(write(1, 0), read(0, 5, 6), read(1, 7, 8))).toBe("linearizable");
    expect(verdict(write(1, 0), read(0, 5, 6))).toBe("linearizable");
    expect(verdict(write(1, 0), read(1, 5, 6), read(0, 7, 8))).toBe("violated");
  });

  test("a swap answers whether the register held what it expected", () => {
    const swap = (output: number): RegisterOperation => ({
      client: 3,
      input: { kind: "swap", expected: 1, value: 2 },
      calledAt: 2,
      returnedAt: 3,
      output,
    });
    expect(verdict(write(1, 0, 1), swap(1), read(2, 4, 5))).toBe("linearizable");
    expect(verdict(write(1, 0, 1), swap(0))).toBe("violated");
  });

  test("many concurrent operations are decided", () => {
    const history = Array.from({ length: 60 }, (_, at) => write(at, at, at + 6));
    expect(verdict(...history, read(59, 70, 71))).toBe("linearizable");
    expect(verdict(...history, read(3, 70, 71))).toBe("violated");
  });
});
