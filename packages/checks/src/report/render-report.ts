import { escapeMarkup, shorten } from "../figure/svg.ts";
import { gravity } from "../verdict/gravity.ts";
import { checkSection } from "./check-section.ts";
import { columnSection } from "./column-section.ts";
import { headline, tally, worstStatus } from "./headline.ts";
import { badge, counted, foreign, MARKS } from "./html.ts";
import type { Report, ReportTable } from "./report.ts";
import { REPORT_STYLE } from "./report-style.ts";

const MOST_CHECKS = 100;

// Nothing may be loaded and no script may run, even if a name slipped through.
const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

/**
 * Writes verdicts as one HTML page: the outcome in plain words first, what was found and what to do, then each check
 * with its pictures and figures, then each column. The page needs no other file and no script, is readable in light
 * and dark and on paper, and stays below a few megabytes whatever the data: many columns, pictures and rows are folded
 * and then counted only.
 *
 * ```ts
 * import { checkDrift, profileColumns } from "@scanflow/checks";
 * import { renderReport } from "@scanflow/checks/report";
 *
 * const age = Array.from({ length: 200 }, (_, row) => 20 + (row % 50));
 * const older = age.map((years) => years + 10);
 * const reference = profileColumns({ age }, { seed: 1 });
 * const html = renderReport({
 *   title: "Customers",
 *   reference: { name: "January", profile: reference },
 *   current: { name: "February", profile: profileColumns({ age: older }, { seed: 1 }) },
 *   checks: [{ name: "drift", verdict: checkDrift(reference, { age: older }) }],
 * });
 * console.log(html.includes("The data has drifted")); // true
 * ```
 */
export function renderReport(report: Report): string {
  const { title, reference, current, made } = report;
  const status = worstStatus(report.checks);
  const checks = report.checks
    .map((check, place) => ({ ...check, place }))
    .sort((a, b) => gravity(b.verdict.status) - gravity(a.verdict.status))
    .slice(0, MOST_CHECKS);
  const hidden = report.checks.length - checks.length;
  const findings = checks.filter(({ verdict }) => verdict.status !== "ok");
  const words = headline(report.checks);
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8">`,
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    `<meta name="viewport" content="width=device-width,initial-scale=1">`,
    `<title>${escapeMarkup(shorten(`${words}: ${title}`, 200))}</title>`,
    `<style>${REPORT_STYLE}</style></head><body>`,
    `<header class="${status}"><div><p>${foreign(title, 200)}</p>`,
    `<h1><span class="sign" aria-hidden="true">${MARKS[status]}</span>${escapeMarkup(words)}</h1>`,
    `<p>${tally(report.checks)}${status === "ok" ? " Nothing needs to be done." : ""}</p></div></header><main>`,
    `<div class="tiles">${tile("Current", current)}${reference === null ? "" : tile("Reference", reference)}</div>`,
    findings.length > 0 ? `<section><h2>What was found, and what to do</h2>` : "",
    ...findings.map(
      ({ name, verdict, place }) =>
        `<div class="card finding ${verdict.status}"><h3>${badge(verdict.status)} <a href="#check-${place + 1}">${foreign(name)}</a></h3><p>${foreign(verdict.message, 2_000)}</p></div>`,
    ),
    findings.length > 0 ? "</section>" : "",
    `<section><h2>Checks</h2>`,
    ...checks.map((check) => checkSection(check, check.place)),
    hidden > 0 ? `<p class="note">${counted(hidden, "more check")} not shown.</p>` : "",
    "</section>",
    columnSection(report),
    `</main><footer>${made === undefined ? "" : foreign(made, 300)}</footer></body></html>\n`,
  ].join("");
}

function tile(role: string, { name, profile }: ReportTable): string {
  const size =
    profile == null
      ? ""
      : `<small>${counted(profile.rows, "row")}, ${counted(profile.columns.length, "column")}</small>`;
  return `<div class="card"><dl><dt>${role}</dt><dd>${foreign(name, 120)}${size}</dd></dl></div>`;
}
