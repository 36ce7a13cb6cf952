import type { CellReader, CellView, CellWriter, CellWrites } from "../cell.ts";
import type { CellEvent, CellMachine } from "../machines/cell-machine.ts";
import type { UpdateArgument, Updates } from "../machines/updates.ts";
import type { Operation, ResultsOf } from "../operation.ts";
import type { OperationMaker } from "../operation-maker.ts";
import type { StoreAccess } from "../shell/store-access.ts";
import type { Outcome, WriteOptions } from "../store.ts";
import { StoreHandle } from "../store-handle.ts";

/** The operations of a cell. */
export class CellOperations<Value, Known extends Updates<Value>>
  implements CellWrites<Value, Known, "batch">
{
  readonly #to: OperationMaker<never, Value>;

  constructor(to: OperationMaker<never, Value>) {
    this.#to = to;
  }

  set(value: Value): Operation<Outcome<Value>> {
    return this.#to.value("set", value, () => [this.#to.pack(value)]);
  }

  compareAndSet(expected: Value | undefined, next: Value | undefined): Operation<Outcome<Value>> {
    const values = [expected, next];
    return this.#to.value("swap", next, () => values.map((value) => this.#to.packOptional(value)));
  }

  update(name: string, argument: unknown): Operation<Outcome<Value>> {
    return this.#to.value("update", argument, () => [name, this.#to.argument(argument)]);
  }

  clear(): Operation<Outcome<Value>> {
    return this.#to.value("clear", undefined, () => []);
  }
}

/** A cell for who only reads. */
export class CellReading<Value>
  extends StoreHandle<CellMachine<Value>, CellView<Value>, CellEvent<Value>>
  implements CellReader<Value>
{
  get value(): Value | undefined {
    return this.machine.value;
  }
}

/** A cell for who writes. */
export class CellWriting<Value, Known extends Updates<Value>>
  extends CellReading<Value>
  implements CellWriter<Value, Known>
{
  readonly #to: CellOperations<Value, Known>;

  constructor(access: StoreAccess, to: CellOperations<Value, Known>) {
    super(access);
    this.#to = to;
  }

  set(value: Value, options?: WriteOptions): Promise<Outcome<Value>> {
    return this.run(() => this.#to.set(value), options);
  }

  compareAndSet(
    expected: Value | undefined,
    next: Value | undefined,
    options?: WriteOptions,
  ): Promise<Outcome<Value>> {
    return this.run(() => this.#to.compareAndSet(expected, next), options);
  }

  update<Name extends keyof Known & string>(
    name: Name,
    argument: UpdateArgument<Known[Name]>,
    options?: WriteOptions,
  ): Promise<Outcome<Value>> {
    return this.run(() => this.#to.update(name, argument), options);
  }

  clear(options?: WriteOptions): Promise<Outcome<Value>> {
    return this.run(() => this.#to.clear(), options);
  }

  batch<const Operations extends readonly Operation<unknown>[]>(
    build: (to: CellWrites<Value, Known, "batch">) => Operations,
    options?: WriteOptions,
  ): Promise<ResultsOf<Operations>> {
    return this.runBatch(() => build(this.#to), options);
  }
}
