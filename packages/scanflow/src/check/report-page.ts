import { basename } from "node:path";
import type { CheckedRun } from "./run-checks.ts";

/** What the checks found, as one HTML page that needs no other file. */
export async function reportPage({ report, profiles }: CheckedRun, title: string): Promise<string> {
  const { renderReport } = await import("@scanflow/checks/report");
  const { current, reference, checks } = report;
  return renderReport({
    title,
    current: { name: basename(current.name), profile: profiles.current },
    reference: reference === null ? null : { name: basename(reference.name), profile: profiles.reference },
    checks: checks.map(({ name, ...verdict }) => ({ name, verdict })),
  });
}
