import type { StandardSchemaV1 } from "@standard-schema/spec";
import { MosaikError } from "./error.ts";
import { fail, ok, type Result } from "./result.ts";

/** A schema of any library that speaks Standard Schema: zod, valibot, arktype and others. */
export type Schema<Output = unknown> = StandardSchemaV1<unknown, Output>;

/** The type that a schema describes. */
export type Infer<S extends StandardSchemaV1> = StandardSchemaV1.InferOutput<S>;

/** A value does not fit its schema; `data.issues` says where and why. */
export type SchemaErrorCode = "SCHEMA_MISMATCH" | "SCHEMA_ASYNC";

const issuesMax = 8;

/**
 * Validates a value, synchronously, and returns what the schema makes of it.
 *
 * Fails with `SCHEMA_MISMATCH` where the value does not fit, and `SCHEMA_ASYNC` where the schema
 * validates asynchronously, which mosaik's ordered paths cannot wait for.
 */
export function validate<Output>(
  schema: StandardSchemaV1<unknown, Output>,
  value: unknown,
): Result<Output, MosaikError<SchemaErrorCode>> {
  let outcome: StandardSchemaV1.Result<Output> | Promise<StandardSchemaV1.Result<Output>>;
  try {
    outcome = schema["~standard"].validate(value);
  } catch (cause) {
    return fail(new MosaikError("SCHEMA_MISMATCH", "the schema's validator threw", { cause }));
  }
  if (outcome instanceof Promise) {
    outcome.catch(() => {}); // its outcome is of no use: only its being a promise is
    return fail(new MosaikError("SCHEMA_ASYNC", "the schema validates asynchronously"));
  }
  if (outcome.issues === undefined) return ok(outcome.value);
  const issues = outcome.issues.slice(0, issuesMax).map((issue) => {
    const path = (issue.path ?? []).map((part) =>
      String(typeof part === "object" ? part.key : part),
    );
    return path.length === 0 ? issue.message : `${path.join(".")}: ${issue.message}`;
  });
  return fail(
    new MosaikError("SCHEMA_MISMATCH", `the value does not fit its schema: ${issues.join("; ")}`, {
      data: { issues },
    }),
  );
}
