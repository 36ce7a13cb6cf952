import { describe, expectTypeOf, it } from "vitest";
import {
  createNetwork,
  type Network,
  type Service,
  type ServiceFactory,
  type TransportFactory,
} from "../../src/index.ts";

interface Clockwork extends Service {
  tick(): number;
}
interface Bell extends Service {
  ring(): string;
}
declare const clockwork: ServiceFactory<Clockwork>;
declare const bell: ServiceFactory<Bell, { clockwork: Clockwork }>;
declare const transport: TransportFactory;

describe("the type of a network", () => {
  it("has its services by name", () => {
    expectTypeOf<Network<{ c: typeof clockwork }>["c"]>().toEqualTypeOf<Clockwork>();
    const compose = () => createNetwork({ network: "n", transport, services: { clockwork, bell } });
    expectTypeOf<Awaited<ReturnType<typeof compose>>["bell"]>().toEqualTypeOf<Bell>();
  });

  it("says which service is missing", () => {
    // @ts-expect-error service 'bell' needs: clockwork
    const missing = () => createNetwork({ network: "n", transport, services: { bell } });
    expectTypeOf(missing).toBeFunction();
  });

  it("refuses a service of the wrong type under a needed name", () => {
    const wrong = () =>
      // @ts-expect-error service 'bell' is given a service of the wrong type
      createNetwork({ network: "n", transport, services: { bell, clockwork: bell } });
    expectTypeOf(wrong).toBeFunction();
  });

  it("refuses a name of the network itself", () => {
    const reserved = (services: { close: typeof clockwork }) =>
      // @ts-expect-error the name 'close' belongs to the network itself
      createNetwork({ network: "n", transport, services });
    expectTypeOf(reserved).toBeFunction();
  });

  it("has no service that was not installed", () => {
    const use = (network: Network<{ clockwork: typeof clockwork }>) => {
      // @ts-expect-error no such service
      return network.bell;
    };
    expectTypeOf(use).toBeFunction();
  });
});
