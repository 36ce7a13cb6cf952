import type { StandardSchemaV1 } from "@standard-schema/spec";
import { MosaikError } from "./error.ts";
import { fail, ok, type Result } from "./result.ts";

/** A schema of any library that speaks Standard Schema: zod, valibot, arktype and others. */
export type Schema<Output = unknown> = StandardSchemaV1<unknown, Output>;

/** The type that a schema describes. */
export type Infer<S extends StandardSchemaV1> = StandardSchemaV1.InferOutput<S>;

/** Why a value was not validated. */
export type SchemaErrorCode =
  /** The value does not fit its schema; `data.issues` says where and why. */
  | "SCHEMA_MISMATCH"
  /** The schema validates asynchronously. */
  | "SCHEMA_ASYNC";

/** How many issues an error lists. */
const issuesMax = 8;
/** How long an issue may be, in characters: libraries quote the value, which may be a peer's. */
const issueLengthMax = 200;

/**
 * Validates a value, synchronously, and returns what the schema makes of it. Total: never throws.
 *
 * Fails with `SCHEMA_MISMATCH` where the value does not fit, and `SCHEMA_ASYNC` where the schema
 * validates asynchronously, which mosaik's ordered paths cannot wait for.
 */
export function validate<Output>(
  schema: StandardSchemaV1<unknown, Output>,
  value: unknown,
): Result<Output, MosaikError<SchemaErrorCode>> {
  try {
    const outcome = schema["~standard"].validate(value);
    if ("then" in outcome) {
      outcome.then(undefined, () => {}); // its outcome is of no use: only its being a promise is
      return fail(new MosaikError("SCHEMA_ASYNC", "the schema validates asynchronously"));
    }
    if (outcome.issues === undefined) return ok(outcome.value);
    const issues = outcome.issues.slice(0, issuesMax).map(describe);
    const message = `the value does not fit its schema: ${issues.join("; ")}`;
    return fail(new MosaikError("SCHEMA_MISMATCH", message, { data: { issues } }));
  } catch (cause) {
    return fail(new MosaikError("SCHEMA_MISMATCH", "the schema's validator threw", { cause }));
  }
}

function describe(issue: StandardSchemaV1.Issue): string {
  const path = (issue.path ?? []).map((part) => String(typeof part === "object" ? part.key : part));
  const text = path.length === 0 ? issue.message : `${path.join(".")}: ${issue.message}`;
  return text.length <= issueLengthMax ? text : `${text.slice(0, issueLengthMax)}…`;
}
