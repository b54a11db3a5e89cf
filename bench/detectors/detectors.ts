import { line } from "../measure.ts";
import { failingLoudly } from "./failing-loudly.ts";
import { joint } from "./joint.ts";
import { dataFolder, hasData } from "./known-tables.ts";
import { oneClass } from "./one-class.ts";
import { tables } from "./tables.ts";

interface Part {
  readonly data: readonly ("mnist" | "adult" | "elec2")[];
  run(form: "short" | "usual" | "long"): Promise<void> | void;
}

const parts: Readonly<Record<string, Part>> = {
  "one-class": { data: ["mnist"], run: (form) => oneClass({ short: form === "short" }) },
  "failing-loudly": {
    data: ["mnist"],
    run: (form) => failingLoudly({ form, tuning: process.argv.includes("tuning") }),
  },
  joint: {
    data: [],
    run: (form) =>
      joint(
        form === "short"
          ? { windows: 20, sizes: [50, 200] }
          : { windows: form === "long" ? 400 : 100, sizes: [50, 200, 1_000] },
      ),
  },
  tables: { data: ["adult", "elec2"], run: (form) => tables({ windows: form === "long" ? 200 : 50 }) },
};

/**
 * `npm run bench -- detectors [one-class|failing-loudly|joint|tables] [short|long]`: how much detectors and drift checks find
 * on real data; all parts when none is named. `tuning` has failing-loudly play on training images.
 */
export async function run(): Promise<void> {
  const words = process.argv.slice(3);
  const named = Object.keys(parts).filter((part) => words.includes(part));
  const form = words.includes("short") ? "short" : words.includes("long") ? "long" : "usual";
  for (const [name, part] of Object.entries(parts)) {
    if (named.length > 0 && !named.includes(name)) continue;
    const absent = part.data.filter((data) => !hasData(data));
    if (absent.length === 0) await part.run(form);
    else line(`skipped: ${name}, as ${absent.join(" and ")} is not in ${dataFolder()}; set SCANFLOW_DATA`);
  }
}
