/**
 * The values of pandas' categories, which LightGBM's Python package writes at the end of a file in the order of the
 * table's columns of categories. Which columns these are is told by `feature_infos`: `-1:2:0` is one, `[0:9]` is none, and
 * `none` was never split by and may be either; where that leaves a doubt, no levels are known.
 *
 * @param end the last lines of the file
 */
export function readLevels(
  features: readonly string[],
  infos: string,
  end: string,
): ReadonlyMap<string, readonly string[]> {
  const lists = parseLists(end.match(/^pandas_categorical:(.*)$/m)?.[1] ?? "");
  const kinds = infos.split(" ");
  const certain = features.filter((_, at) => /^-?\d+(:-?\d+)*$/.test(kinds[at] ?? ""));
  const possible = features.filter((feature, at) => kinds[at] === "none" || certain.includes(feature));
  const owners = [certain, possible].find(({ length }) => length === lists.length) ?? [];
  return new Map(owners.map((feature, at) => [feature, lists[at] ?? []]));
}

function parseLists(json: string): string[][] {
  try {
    const lists: unknown = JSON.parse(json);
    if (!Array.isArray(lists) || !lists.every((list) => Array.isArray(list))) return [];
    return lists.map((list) => list.map(String));
  } catch {
    return [];
  }
}
