import type { CheckerParams } from "../../checker/checker-params.ts";

/**
 * The param `groups` of a checker: columns, or lists of columns for their combinations.
 *
 * @returns undefined when it is not given
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when it is none of these, or empty
 */
export function readGroups({ read, given }: CheckerParams): string[][] | undefined {
  const value = given("groups");
  if (value === undefined) return undefined;
  const groups = read.list(value, "groups").map((group, at) => {
    if (typeof group === "string") return [read.text(group, `groups[${at}]`)];
    return read.list(group, `groups[${at}]`).map((name, place) => read.text(name, `groups[${at}][${place}]`));
  });
  return groups.length === 0 || groups.some(({ length }) => length === 0)
    ? read.fail("groups", value, "a list of columns")
    : groups;
}
