export interface Starter {
  readonly name: string;
  readonly yaml: boolean;
}

/** The files of a small application that runs as it is: path to text. */
export function starterFiles({ name, yaml }: Starter): Record<string, string> {
  return {
    ...(yaml ? { "scanflow.yaml": yamlConfig(name) } : { "scanflow.config.ts": typescriptConfig(name) }),
    "steps/gather.ts": GATHER,
    "steps/summarise.ts": SUMMARISE,
  };
}

function typescriptConfig(name: string): string {
  return `import { application, executor, integer, step, workflow } from "scanflow";

const main = workflow("main", { params: { rows: integer({ default: 200, min: 10 }) } }, ({ params }) => {
  const gather = executor("gather", {
    run: step("steps/gather.ts"),
    params: { rows: params.rows },
    outputs: { data: { path: "data.csv", type: "csv" } },
  });
  const summarise = executor("summarise", {
    run: step("steps/summarise.ts"),
    inputs: { data: gather.outputs.data },
    outputs: { summary: { path: "summary.json", type: "json" } },
  });
  return { nodes: [gather, summarise] };
});

export default application(${JSON.stringify(name)}, { main });
`;
}

function yamlConfig(name: string): string {
  return `application: ${JSON.stringify(name)}
workflows:
  main:
    params:
      rows: { type: integer, default: 200, min: 10 }
    nodes:
      gather:
        run: { module: steps/gather.ts }
        params:
          rows: { expression: params.rows }
        outputs:
          data: { path: data.csv, type: csv }
      summarise:
        run: { module: steps/summarise.ts }
        inputs:
          data: gather.data
        outputs:
          summary: { path: summary.json, type: json }
`;
}

const GATHER = `import { writeFile } from "node:fs/promises";
import type { StepContext } from "scanflow";

/** Writes a table of two columns; put your own data here. */
export default async function gather({ outputs, params }: StepContext) {
  const rows = Number(params.rows);
  const lines = Array.from({ length: rows }, (_, row) => \`\${row},\${Math.sin(row / 10).toFixed(4)}\`);
  await writeFile(outputs.data, \`time,level\\n\${lines.join("\\n")}\\n\`);
  console.log(\`wrote \${rows} rows\`);
  return { rows };
}
`;

const SUMMARISE = `import { readFile, writeFile } from "node:fs/promises";
import type { StepContext } from "scanflow";

/** Reads what \`gather\` wrote, logs a metric and returns small values. */
export default async function summarise({ inputs, outputs, metric }: StepContext) {
  const [, ...lines] = (await readFile(inputs.data, "utf8")).trim().split("\\n");
  const levels = lines.map((line) => Number(line.split(",")[1]));
  const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
  const largest = Math.max(...levels);
  metric("mean", mean);
  await writeFile(outputs.summary, JSON.stringify({ rows: levels.length, mean, largest }));
  return { rows: levels.length, mean_level: mean, largest_level: largest };
}
`;
