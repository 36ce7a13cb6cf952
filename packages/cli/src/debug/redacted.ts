/** What names hold secrets. */
const secretName = /secret|password|token|ticket|(read|write|group|private)-?_?key/i;
const invite = /mosaik:[\w-]{16,}/g;

/**
 * A value without what is secret: values under names that hold secrets, the secrets themselves
 * wherever they stand, and invites. Bytes are told by how many they are.
 */
export function redacted(value: unknown, secrets: readonly string[] = []): unknown {
  if (typeof value === "string") return withoutSecrets(value, secrets);
  if (value instanceof Uint8Array) return `${value.byteLength} bytes`;
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => redacted(one, secrets));
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      withoutSecrets(name, secrets),
      secretName.test(name) && typeof one === "string" ? "[secret]" : redacted(one, secrets),
    ]),
  );
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  const shown = text.replaceAll(invite, "[invite]");
  return secrets.reduce((left, secret) => left.replaceAll(secret, "[secret]"), shown);
}
