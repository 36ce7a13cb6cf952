/**
 * Freezes plain objects and lists all through, and returns the value. Others (dates, bytes, maps)
 * stay as they are: they cannot be frozen.
 */
export function freezeDeep<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) for (const item of value) freezeDeep(item);
  else if (isPlain(value))
    for (const key of Object.keys(value)) freezeDeep(Reflect.get(value, key));
  else return value;
  return Object.freeze(value);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
