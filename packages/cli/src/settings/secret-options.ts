import type { Option } from "@commander-js/extra-typings";

/** Secrets that options name, in kebab case. Each has three options: the text, a file, a variable. */
export const secretNames = ["secret", "read-key", "write-key", "group-key"] as const;

/** A secret that options name. */
export type SecretName = (typeof secretNames)[number];

/** The secret that an option gives, or says where to find. */
export function secretOf(option: Option): SecretName | undefined {
  const name = option.long?.slice(2).replace(/-(file|env)$/, "");
  return secretNames.find((each) => each === name);
}

/** The fields that hold a secret itself, in camel case. */
export const secretFields: readonly string[] = secretNames.map((name) =>
  name.replaceAll(/-([a-z])/g, (_, letter: string) => letter.toUpperCase()),
);
