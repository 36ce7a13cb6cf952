import type { CellView } from "../cell.ts";
import type { CellEvent, CellMachine } from "../machines/cell-machine.ts";
import type { OnceReader, OnceWriter, OnceWrites } from "../once.ts";
import type { Operation } from "../operation.ts";
import type { OperationMaker } from "../operation-maker.ts";
import type { StoreAccess } from "../shell/store-access.ts";
import type { Outcome, WaitOptions, WriteOptions } from "../store.ts";
import { StoreHandle } from "../store-handle.ts";

/** The operations of a once. */
export class OnceOperations<Value> implements OnceWrites<Value, "batch"> {
  readonly #to: OperationMaker<never, Value>;

  constructor(to: OperationMaker<never, Value>) {
    this.#to = to;
  }

  set(value: Value): Operation<Outcome<Value>> {
    return this.#to.value("set", value, () => [this.#to.pack(value)]);
  }
}

/** A once for who only reads. */
export class OnceReading<Value>
  extends StoreHandle<CellMachine<Value>, CellView<Value>, CellEvent<Value>>
  implements OnceReader<Value>
{
  get value(): Value | undefined {
    return this.machine.value;
  }

  async settled(options?: WaitOptions): Promise<Value> {
    while (this.value === undefined) await this.when.updated(options);
    return this.value;
  }
}

/** A once for who writes. */
export class OnceWriting<Value> extends OnceReading<Value> implements OnceWriter<Value> {
  readonly #to: OnceOperations<Value>;

  constructor(access: StoreAccess, to: OnceOperations<Value>) {
    super(access);
    this.#to = to;
  }

  set(value: Value, options?: WriteOptions): Promise<Outcome<Value>> {
    return this.run(() => this.#to.set(value), options);
  }
}
