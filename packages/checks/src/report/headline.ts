import { gravity } from "../verdict/gravity.ts";
import type { VerdictStatus } from "../verdict/verdict.ts";
import type { Report } from "./report.ts";

type Checks = Report["checks"];

const ALARMS: Readonly<Record<string, string>> = {
  drift: "the data has drifted",
  integrity: "the data breaks its rules",
  performance: "the model does worse",
  fairness: "groups are not treated alike",
};

/** The gravest status of all checks; `invalid` when there is none. */
export function worstStatus(checks: Checks): VerdictStatus {
  const [worst] = [...checks].sort((a, b) => gravity(b.verdict.status) - gravity(a.verdict.status));
  return worst?.verdict.status ?? "invalid";
}

/** The outcome in a few plain words. */
export function headline(checks: Checks): string {
  const status = worstStatus(checks);
  if (checks.length === 0) return "Nothing was checked";
  if (status === "ok") return "All is well";
  if (status === "warning") return "Something moved, too little to act on";
  const kinds = new Set(
    checks.filter(({ verdict }) => verdict.status === "alarm").map(({ verdict }) => verdict.kind),
  );
  const phrases = [...kinds].map((kind) =>
    Object.hasOwn(ALARMS, kind) ? ALARMS[kind] : `a check of ${kind} rings`,
  );
  if (status === "invalid") phrases.unshift("some of the data could not be judged");
  const sentence =
    phrases.length > 1 ? `${phrases.slice(0, -1).join(", ")} and ${phrases.at(-1)}` : phrases[0];
  return `${sentence?.charAt(0).toUpperCase()}${sentence?.slice(1)}`;
}

/** How many checks said what. */
export function tally(checks: Checks): string {
  const words: [VerdictStatus, string][] = [
    ["invalid", "could not judge"],
    ["alarm", "rang"],
    ["warning", "warned"],
    ["ok", "found nothing"],
  ];
  const parts = words.flatMap(([status, words]) => {
    const count = checks.filter(({ verdict }) => verdict.status === status).length;
    return count === 0 ? [] : [`${count} ${words}`];
  });
  return `${checks.length} ${checks.length === 1 ? "check" : "checks"}: ${parts.join(", ")}.`;
}
