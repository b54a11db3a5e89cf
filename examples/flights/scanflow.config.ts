import {
  application,
  checker,
  executor,
  file,
  integer,
  type OutputReference,
  step,
  workflow,
} from "scanflow";

/** The months that the reference is made of, and those that are judged by it. */
const BEFORE = ["2013-01", "2013-02", "2013-03", "2013-04", "2013-05"];
const LATER = ["2013-06", "2013-07", "2013-08", "2013-09", "2013-10", "2013-11", "2013-12"];

const flightsOf = (month: string) => file(`data/${month}.csv.gz`);

/** Sums up one month. Later ones are counted in the bins of the first, so that they can be merged and compared. */
const profileOf = (month: string, like?: OutputReference) =>
  executor(`profile-${month}`, {
    run: step("steps/profile.ts"),
    inputs: { flights: flightsOf(month), ...(like && { like }) },
    // Where the month begins in the whole of the data: there is room for a million flights in each.
    params: { firstRow: BEFORE.indexOf(month) * 1_000_000 },
    outputs: { profile: { path: "profile.json", type: "json" } },
  });

const flights = workflow(
  "flights",
  {
    description:
      "Profiles five months of flights, keeps the profile alone, and judges each later month by it.",
    params: {
      rehearsals: integer({ default: 60, min: 10, description: "Windows drawn while nothing has changed." }),
    },
  },
  ({ params }) => {
    const first = profileOf(BEFORE[0] ?? "");
    const months = [first, ...BEFORE.slice(1).map((month) => profileOf(month, first.outputs.profile))];
    const profiles = Object.fromEntries(months.map(({ name, outputs }) => [name, outputs.profile]));
    const merge = executor("merge", {
      run: step("steps/merge.ts"),
      inputs: profiles,
      outputs: { profile: { path: "reference.json", type: "json" } },
    });
    const rehearse = executor("rehearse", {
      run: step("steps/rehearse.ts"),
      inputs: Object.fromEntries(BEFORE.map((month) => [`flights-${month}`, flightsOf(month)])),
      params: { windows: params.rehearsals, sizes: [100, 800] },
      outputs: { rates: { path: "false-alarms.json", type: "json" } },
    });
    const reference = merge.outputs.profile;
    const checks = LATER.map((month) =>
      checker(`check-${month}`, {
        check: "drift",
        inputs: { reference, current: flightsOf(month) },
        outputs: { report: "report.html" },
      }),
    );
    const compare = executor("compare", {
      run: step("steps/compare.ts"),
      inputs: {
        reference,
        ...Object.fromEntries(LATER.map((month) => [`flights-${month}`, flightsOf(month)])),
        ...Object.fromEntries(checks.map(({ name, outputs }) => [name, outputs.verdict])),
      },
      outputs: { table: { path: "months.json", type: "json" }, picture: "months.svg" },
    });
    return { nodes: [...months, merge, rehearse, ...checks, compare] };
  },
);

export default application("flights", {
  description: "Is this month's data like those we know? Judged by a profile, with honest alarms.",
  main: flights,
});
