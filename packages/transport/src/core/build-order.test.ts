import { describe, expect, it } from "vitest";
import { buildOrder } from "./build-order.ts";

const need = (...needs: string[]): { needs: string[] } => ({ needs });

describe("the build order", () => {
  it("puts a service after those it needs", () => {
    const order = buildOrder({ c: need("b", "a"), b: need("a"), a: need(), d: need() }, []);
    expect(order).toEqual(["a", "b", "c", "d"]);
  });

  it("names a missing need", () => {
    expect(() => buildOrder({ stores: need("groups") }, [])).toThrow(
      expect.objectContaining({
        code: "NETWORK_SERVICE_MISSING",
        message: "service 'stores' needs: groups",
        data: { service: "stores", missing: "groups" },
      }),
    );
  });

  it("shows a circle", () => {
    expect(() => buildOrder({ a: need("b"), b: need("c"), c: need("b") }, [])).toThrow(
      expect.objectContaining({
        code: "NETWORK_SERVICE_CYCLE",
        data: { services: ["b", "c", "b"] },
      }),
    );
  });

  it("refuses a name of the network itself", () => {
    expect(() => buildOrder({ close: need() }, ["close"])).toThrow(
      expect.objectContaining({ code: "NETWORK_NAME_RESERVED" }),
    );
  });

  it("does not take a name of Object's prototype for a service", () => {
    expect(() => buildOrder({ a: need("toString") }, [])).toThrow(
      expect.objectContaining({ code: "NETWORK_SERVICE_MISSING" }),
    );
  });
});
