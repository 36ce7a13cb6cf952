/**
 * The ones whose names are, or begin with, one of `prefixes`, in their order; all where there are
 * none.
 *
 * @throws `RangeError` where a prefix fits none.
 */
export function selectNamed<Item extends { readonly name: string }>(
  all: readonly Item[],
  prefixes: readonly string[],
): readonly Item[] {
  if (prefixes.length === 0) return all;
  const chosen = prefixes.flatMap((prefix) => {
    const exact = all.filter((one) => one.name === prefix);
    const fitting = exact.length > 0 ? exact : all.filter((one) => one.name.startsWith(prefix));
    if (fitting.length === 0) throw new RangeError(`no case is, or begins with, '${prefix}'`);
    return fitting;
  });
  return all.filter((one) => chosen.includes(one));
}

/**
 * The sides that were asked for, in their order; all where none were.
 *
 * @throws `RangeError` where there is no such side.
 */
export function selectSides<Side extends string>(
  all: readonly Side[],
  names: readonly string[],
): readonly Side[] {
  for (const name of names) {
    if (!all.some((side) => side === name)) throw new RangeError(`no side is '${name}'`);
  }
  return all.filter((side) => names.length === 0 || names.includes(side));
}
