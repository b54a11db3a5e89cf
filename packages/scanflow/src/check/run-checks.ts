import { gravity, type Profile, type Verdict, type VerdictKind, type VerdictStatus } from "@scanflow/checks";
import { type DataOptions, openDataset } from "../data/index.ts";
import type { CheckInputs, CheckSpec } from "./check-spec.ts";
import { type Judged, runCheck } from "./run-check.ts";

/** What one check found. */
export interface CheckResult extends Verdict {
  readonly name: string;
}

/** What all of them found together. */
export interface CheckReport {
  readonly verdict: {
    /** The worst of all. */
    readonly status: VerdictStatus;
    /** Of the worst check. */
    readonly kind: VerdictKind;
    readonly message: string;
    readonly columns: readonly string[];
  };
  readonly checks: readonly CheckResult[];
  readonly current: { readonly name: string; readonly rows: number };
  readonly reference: { readonly name: string; readonly rows: number } | null;
}

/** The report, and the profiles that the checks made on the way. */
export interface CheckedRun {
  readonly report: CheckReport;
  readonly profiles: { readonly current: Profile; readonly reference: Profile | null };
}

/** How a run of checks is followed and ended. */
export interface CheckRun {
  readonly signal: AbortSignal;
  /** Told how far the reading of a file is. */
  readonly progress?:
    | ((path: string, told: Parameters<NonNullable<DataOptions["progress"]>>[0]) => void)
    | undefined;
}

/**
 * Makes checks on the same data, one after the other, and sums up what they found.
 *
 * @throws errors with a code, for what cannot be read and for params that are wrong
 */
export async function runChecks(
  specs: readonly CheckSpec[],
  inputs: CheckInputs,
  { signal, progress }: CheckRun,
): Promise<CheckedRun> {
  const { current, reference, names, options, seed } = inputs;
  const open = (path: string, name: string | undefined) =>
    openDataset(path, { ...options, name, seed, signal, progress: (told) => progress?.(path, told) });
  const known = reference === null ? null : await open(reference, names?.reference);
  const window = await open(current, names?.current);
  const { verdict, checks } = await judge(specs, inputs, { window, reference: known, signal });
  const before = known === null ? null : await known.profile();
  const now = await window.profile(before ?? undefined);
  const report: CheckReport = {
    verdict,
    checks,
    current: { name: window.name, rows: now.rows },
    reference: known === null ? null : { name: known.name, rows: before?.rows ?? 0 },
  };
  return { report, profiles: { current: now, reference: before } };
}

/** Makes checks on data that are open already: what they found together, and each. Errors: those of `runCheck`. */
export async function judge(
  specs: readonly CheckSpec[],
  inputs: CheckInputs,
  data: Judged & { readonly signal: AbortSignal },
): Promise<Pick<CheckReport, "verdict" | "checks">> {
  const checks: CheckResult[] = [];
  for (const spec of specs) {
    const verdict = await runCheck(spec, inputs, data);
    checks.push({ name: spec.name, ...verdict });
  }
  return { verdict: worstOf(checks), checks };
}

function worstOf(checks: readonly CheckResult[]): CheckReport["verdict"] {
  const [worst] = [...checks].sort((a, b) => gravity(b.status) - gravity(a.status));
  if (worst === undefined) throw new Error("no checks");
  const { status, kind, message, columns } = worst;
  return { status, kind, message, columns };
}
