import { describe, expect, test } from "vitest";
import { batchOf } from "../batch/batch-of.ts";
import type { Figure } from "../figure/figure.ts";
import { profileColumns } from "../profile/profile-columns.ts";
import { createProfiler } from "../profile/profiler.ts";
import type { Verdict, VerdictStatus } from "../verdict/verdict.ts";
import { renderReport } from "./render-report.ts";
import type { Report } from "./report.ts";

function verdictOf(status: VerdictStatus, rest: Partial<Verdict> = {}): Verdict {
  return { status, kind: "drift", message: `It is ${status}.`, columns: [], evidence: {}, ...rest };
}

function reportOf(verdicts: Readonly<Record<string, Verdict>>, rest: Partial<Report> = {}): string {
  const checks = Object.entries(verdicts).map(([name, verdict]) => ({ name, verdict }));
  return renderReport({ title: "Week 48", reference: null, current: { name: "now" }, checks, ...rest });
}

/** What a reader reads: without markup. */
function readable(html: string): string {
  return html
    .replaceAll(/<style>[\s\S]*?<\/style>/g, "")
    .replaceAll(/<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ");
}

describe("the outcome stands first, in plain words", () => {
  test.each([
    [["ok", "ok"], "All is well", "2 checks: 2 found nothing. Nothing needs to be done."],
    [["ok", "warning"], "Something moved, too little to act on", "2 checks: 1 warned, 1 found nothing."],
    [["warning", "alarm"], "The data has drifted", "2 checks: 1 rang, 1 warned."],
    [
      ["alarm", "invalid"],
      "Some of the data could not be judged and the data has drifted",
      "1 could not judge",
    ],
    [[], "Nothing was checked", "0 checks"],
  ] as [VerdictStatus[], string, string][])("%j: %s", (statuses, words, tally) => {
    const html = reportOf(
      Object.fromEntries(statuses.map((status, at) => [`check ${at}`, verdictOf(status)])),
    );
    const text = readable(html);
    expect(text).toContain(words);
    expect(text).toContain(tally);
    expect(html).toContain(`<h1>`);
  });

  test("then what to do, the gravest check first", () => {
    const text = readable(
      reportOf({ one: verdictOf("ok"), two: verdictOf("warning"), three: verdictOf("alarm") }),
    );
    expect(text.indexOf("It is alarm.")).toBeLessThan(text.indexOf("It is warning."));
    expect(text.indexOf("It is warning.")).toBeLessThan(text.indexOf("It is ok."));
  });

  test("of very many checks the gravest are shown, and the others counted", () => {
    const fine = Array.from({ length: 150 }, (_, at) => [`fine ${at}`, verdictOf("ok")] as const);
    const text = readable(reportOf({ ...Object.fromEntries(fine), last: verdictOf("alarm") }));
    expect(text).toContain("It is alarm.");
    expect(text).toContain("51 more checks not shown.");
  });
});

describe("evidence", () => {
  const columns = ["b", "a"];
  const entry = (status: VerdictStatus, statistic: number) => ({
    status,
    statistic,
    pValue: 1e-9,
    test: "ks",
  });

  test("has a row per column, the gravest first, and says once what all rows share", () => {
    const evidence = { a: entry("warning", 0.1), c: entry("ok", 0.01), b: entry("alarm", 0.5) };
    const text = readable(reportOf({ drift: verdictOf("alarm", { columns, evidence }) }));
    expect(text).toMatch(/In all rows p value : 1.0e-9 · test : ks/);
    expect(text).toMatch(/b ✕ alarm 0\.5 a ! warning 0\.1 c ✓ ok 0\.01/);
  });

  test("lists faults with their rows, examples and next action", () => {
    const faults = [
      {
        status: "alarm",
        message: "3 values are new",
        firstRows: [1, 5],
        examples: ["x"],
        action: "mend them",
      },
    ];
    const evidence = { a: { status: "alarm", faults } };
    const text = readable(reportOf({ rules: verdictOf("alarm", { columns: ["a"], evidence }) }));
    expect(text).toContain("3 values are new rows 1, 5, e.g. x → mend them");
  });

  test("of any shape is shown", () => {
    const evidence = { a: { deep: { x: [1, { y: null }] }, n: null, flag: false, list: [[1, 2]] }, b: {} };
    expect(readable(reportOf({ odd: verdictOf("alarm", { evidence }) }))).toContain("false");
  });
});

describe("nothing in the data can do harm", () => {
  const hostile = [
    "<script>alert(1)</script>",
    `"><img src=x onerror=alert(1)>`,
    "' onclick='x",
    "\u202egnp.exe",
    "مرحبا",
    "",
    "\u0000",
    "\ud800",
    "</style>",
  ];
  const values = hostile.map((text) => [text, "other"]);
  const table = Object.fromEntries(hostile.map((name, at) => [name, values[at] ?? []]));
  const profile = profileColumns(table, { seed: 1 });
  const evidence = Object.fromEntries(
    hostile.map((name) => [name, { status: "alarm", message: name, [name]: Number.NaN, list: [name] }]),
  );
  const figure: Figure = { kind: "table", title: "</td><script>", columns: hostile, rows: [hostile] };
  const html = renderReport({
    title: "</title><script>",
    reference: { name: hostile[0] ?? "", profile },
    current: { name: hostile[1] ?? "", profile },
    checks: hostile.map((name) => ({
      name,
      verdict: verdictOf("alarm", {
        kind: name,
        message: name,
        columns: hostile,
        evidence,
        figures: [figure],
      }),
    })),
    made: "<script>",
  });

  test("names and values are text, whatever they are", () => {
    expect(html).not.toMatch(/<script|<img|<[^>]* on[a-z]+=/i);
    expect(html.match(/<\/style>/g)).toHaveLength(1);
    expect(html.isWellFormed()).toBe(true);
    expect(html).toContain("<bdi>\u202egnp.exe</bdi>");
  });

  test("the page loads nothing and lets nothing run", () => {
    expect(html).toContain(`content="default-src 'none'; style-src 'unsafe-inline'`);
    expect(
      [...html.matchAll(/(?:href|src)="([^"]*)"/g)].every(([, to]) => /^#check-\d+$/.test(to ?? "")),
    ).toBe(true);
    expect(html).not.toMatch(/@import|url\(/);
  });
});

describe("columns", () => {
  const rows = Array.from({ length: 400 }, (_, row) => row);
  const before = batchOf({
    age: rows.map((row) => 20 + (row % 50)),
    city: rows.map((row) => ["Bonn", "Graz", null][row % 3]),
    seen: rows.map((row) => new Date(1.7e12 + row * 3.6e6)),
    member: rows.map((row) => row % 2 === 0),
    flat: rows.map(() => 7),
    gone: rows.map(() => null),
  });
  const profileOf = (batch: typeof before) => {
    const profiler = createProfiler({ seed: 1 });
    profiler.add(batch);
    return profiler.finish();
  };

  test("are shown with both spreads, and those with a status first", () => {
    const profile = profileOf(before);
    const html = reportOf(
      { drift: verdictOf("alarm", { columns: ["city"], evidence: { city: { status: "alarm" } } }) },
      { reference: { name: "then", profile }, current: { name: "now", profile } },
    );
    const text = readable(html.slice(html.indexOf('id="columns"')));
    expect(text).toMatch(/column status kind .* city ✕ alarm text/);
    expect(text).toContain("33.3 % Bonn 2");
    expect(text).toContain("2023-11-");
    expect(html.match(/class="figure"/g)).toHaveLength(5);
    expect(html.match(/class="spark"/g)).toHaveLength(5);
  });

  test("that changed their kind, or came or went, are shown as such", () => {
    const profile = profileOf(before);
    const now = profileOf(batchOf({ age: rows.map((row) => `a${row % 3}`), fresh: rows }));
    const html = reportOf(
      {},
      { reference: { name: "then", profile }, current: { name: "now", profile: now } },
    );
    expect(readable(html)).toMatch(/age ✓ ok number → text/);
    expect(readable(html)).toMatch(/city ✓ ok text \(gone\)/);
  });

  test("are bounded: ten thousand make a page of less than 1.5 MB", () => {
    const wide = Object.fromEntries(rows.slice(0, 30).map((row) => [`c${row}`, rows.map(() => row)]));
    const profile = profileColumns(wide, { seed: 1 });
    const many = {
      ...profile,
      columns: Array.from({ length: 10_000 }, (_, at) => ({
        ...(profile.columns[at % 30] as (typeof profile.columns)[number]),
        name: `column ${at} ${"x".repeat(500)}`,
      })),
    };
    const evidence = Object.fromEntries(
      many.columns.map(({ name }) => [name, { status: "alarm", statistic: 0.5, words: "y".repeat(5_000) }]),
    );
    const points = Array.from({ length: 2_000 }, (_, x): [number, number] => [x, x % 7]);
    const figures = many.columns.map(
      ({ name }): Figure => ({
        kind: "lines",
        title: name,
        x: "x",
        y: "y",
        series: [{ name, points }],
      }),
    );
    const html = reportOf(
      { drift: verdictOf("alarm", { columns: Object.keys(evidence), evidence, figures }) },
      { reference: { name: "then", profile: many }, current: { name: "now", profile: many } },
    );
    expect(html.length).toBeLessThan(1_500_000);
    expect(readable(html)).toContain("9,600 more columns not shown.");
  });
});

test("a picture that lacks what its kind needs is told of, and the rest is shown", () => {
  const broken = { kind: "bars", title: "<b>odd</b>" } as unknown as NonNullable<Verdict["figures"]>[number];
  const good = { kind: "table", title: "Rows", columns: ["row"], rows: [[7]] } as const;
  const html = renderReport({
    title: "t",
    reference: null,
    current: { name: "c" },
    checks: [{ name: "odd", verdict: verdictOf("alarm", { figures: [broken, good] }) }],
  });
  expect(html).toContain("could not be drawn");
  expect(html).not.toContain("<b>odd</b>");
  expect(html).toMatch(/<td>.*>7</);
});

test("the key to two tables is shown where there are two", () => {
  const table = { name: "now", profile: profileColumns({ age: [31, 54, 28] }, { seed: 1 }) };
  const alone = renderReport({ title: "t", reference: null, current: table, checks: [] });
  expect(alone).not.toContain("Where two numbers stand");
  const both = renderReport({ title: "t", reference: table, current: table, checks: [] });
  expect(both).toContain("Where two numbers stand");
});

test("a checker may call its kind anything", () => {
  const verdict = { status: "alarm", kind: "__proto__", message: "Odd.", columns: [], evidence: {} } as const;
  const current = { name: "monday", profile: null };
  const html = renderReport({ title: "t", current, reference: null, checks: [{ name: "own", verdict }] });
  expect(html).toContain("A check of __proto__ rings");
});
