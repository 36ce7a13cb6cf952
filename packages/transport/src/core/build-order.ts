import { TransportError } from "../errors.ts";

/**
 * The order in which services are built: each after those it needs, otherwise as given.
 *
 * @throws TransportError with `NETWORK_NAME_RESERVED`, `NETWORK_SERVICE_MISSING` or
 * `NETWORK_SERVICE_CYCLE`.
 */
export function buildOrder(
  factories: Readonly<Record<string, { readonly needs: readonly string[] }>>,
  reserved: readonly string[],
): string[] {
  const order: string[] = [];
  const visit = (name: string, path: readonly string[]): void => {
    if (order.includes(name)) return;
    if (path.includes(name)) {
      const services = [...path.slice(path.indexOf(name)), name];
      const message = `services need each other: ${services.join(" → ")}`;
      throw new TransportError("NETWORK_SERVICE_CYCLE", message, { data: { services } });
    }
    for (const missing of factories[name]?.needs ?? []) {
      if (!Object.hasOwn(factories, missing)) {
        const message = `service '${name}' needs: ${missing}`;
        const data = { service: name, missing };
        throw new TransportError("NETWORK_SERVICE_MISSING", message, { data });
      }
      visit(missing, [...path, name]);
    }
    order.push(name);
  };
  for (const name of Object.keys(factories)) {
    if (reserved.includes(name)) {
      const message = `the name '${name}' belongs to the network itself`;
      throw new TransportError("NETWORK_NAME_RESERVED", message, { data: { service: name } });
    }
    visit(name, []);
  }
  return order;
}
