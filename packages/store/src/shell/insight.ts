import type { Infer } from "@mosaik/primitives";
import type { ServiceContext } from "@mosaik/transport";
import { browseLimits } from "../config.ts";
import { browse, keyOf } from "../core/browse.ts";
import { formatValue, parseValue } from "../core/texts.ts";
import type { StorePart } from "../definition.ts";
import {
  type CollectionInsight,
  EditStoreAction,
  StoreItemsSection,
  StoresSection,
} from "../diagnostics.ts";
import type { Change, Machine } from "../machines/machine.ts";
import { storesMetrics } from "../metrics.ts";
import { encoding, Operation } from "../operation.ts";
import { carryOut, type StoreAccess } from "./store-access.ts";
import { statusOf } from "./store-status.ts";

/** The stores of a group that this node has open. */
export interface OpenStores {
  readonly access: StoreAccess;
  readonly parts: readonly StorePart[];
}

interface Found {
  readonly access: StoreAccess;
  readonly part: StorePart;
}

type Edited = Infer<typeof EditStoreAction.output>;

/** Tells inspectors of the collections of a node, and lets them edit. */
export function describeStores(
  { diagnostics }: ServiceContext,
  open: ReadonlySet<OpenStores>,
): void {
  const find = (id: string): Found => {
    const found = allOf(open).get(id);
    if (found === undefined) throw new RangeError("this node has no such store open");
    return found;
  };
  diagnostics.describe(StoresSection, () =>
    Object.fromEntries([...allOf(open)].map(([id, found]) => [id, told(found)])),
  );
  diagnostics.describe(StoreItemsSection, ({ store, ...asked }) => {
    const { access } = find(store);
    const { version, size } = statusOf(access);
    return { ...browse(machineOf(access), asked), version, size };
  });
  diagnostics.offer(EditStoreAction, (asked) => edit(find(asked.store).access, asked));
}

/** Measures the collections of a group, until its status closes. */
export function measureStores({ meter }: ServiceContext, { access, parts }: OpenStores): void {
  const gauges = parts.map(({ name }) => {
    const label = `${name} ${access.group.id.slice(0, 8)}`;
    const { items, version } = storesMetrics;
    return { items: meter.gauge(items, label), version: meter.gauge(version, label) };
  });
  const measure = (): void => {
    for (const [store, { items, version }] of gauges.entries()) {
      items.set(access.room.state.machines[store]?.size ?? 0);
      version.set(access.room.state.versions[store] ?? 0);
    }
  };
  measure();
  access.group.status.subscribe(measure);
}

function allOf(open: ReadonlySet<OpenStores>): Map<string, Found> {
  const all = new Map<string, Found>();
  for (const { access, parts } of open) {
    for (const [store, part] of parts.entries()) {
      all.set(`${access.group.id}/${store}`, { part, access: { ...access, store } });
    }
  }
  return all;
}

function told({ access, part: { name, kind } }: Found): CollectionInsight {
  const { reason, members, ...status } = statusOf(access);
  const group = access.group.id;
  const whole = { name, kind, group, members: members.length, ...status };
  return reason === undefined ? whole : { ...whole, reason };
}

async function edit(
  access: StoreAccess,
  { kind, key, value, priority }: Infer<typeof EditStoreAction.input>,
): Promise<Edited> {
  if (access.isReader) throw new RangeError("this node only reads that store");
  const machine = machineOf(access);
  const { values } = machine.content;
  if (kind === "put" && (value === undefined) === (values !== undefined)) {
    throw new RangeError(values === undefined ? "its items have no values" : "a value is missing");
  }
  const change = encoding(value, (): Change => {
    const bytes = value === undefined ? undefined : values?.admit(parseValue(value));
    const found = key === undefined ? undefined : keyOf(machine, key);
    return machine.edit({ kind, key: found, value: bytes, priority });
  });
  const read: Operation<Edited>["read"] = ({ applied, previous }, version) => {
    const before = previous && values ? formatValue(values.revive(previous)) : undefined;
    const cut = before?.slice(0, browseLimits.textMax);
    return { applied, version, ...(cut !== undefined && { previous: cut }) };
  };
  const [edited] = await carryOut(access, [new Operation(access.store, change, value, read)]);
  return edited;
}

function machineOf({ room, store }: StoreAccess): Machine<unknown> {
  return room.state.machines[store] as Machine<unknown>; // as many as the definition has parts
}
