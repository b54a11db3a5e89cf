import { checker, executor, file, step, string, workflow } from "scanflow";

/** New people are let in only when they keep the rules of the schema and nobody has tampered with them. */
export const intake = workflow(
  "intake",
  {
    description: "Data are validated before a model is trained on them.",
    params: {
      spoil: string({
        default: "nothing",
        choices: ["nothing", "faults", "poison"],
        description: "What happens to the data on the way.",
      }),
    },
  },
  ({ params }) => {
    const trusted = file("data/adult-train.csv.gz");
    const infer = executor("infer-schema", {
      run: step("steps/infer-schema.ts"),
      inputs: { people: trusted },
      outputs: { schema: "schema.yaml" },
    });
    const deliver = executor("deliver", {
      run: step("steps/deliver.ts"),
      inputs: { people: file("data/adult-test.csv.gz"), trusted },
      params: { spoil: params.spoil },
      outputs: { people: "people.csv" },
    });
    const data = { current: deliver.outputs.people, reference: trusted };
    const integrity = checker("integrity", {
      check: "integrity",
      failOn: "alarm",
      inputs: { ...data, schema: file("data/schema.yaml") },
      outputs: { report: "report.html" },
    });
    const poison = checker("poison", {
      check: "poison",
      failOn: "alarm",
      after: [integrity],
      inputs: data,
      params: { label: "income" },
      outputs: { report: "report.html" },
    });
    const train = executor("train", {
      run: step("steps/train.ts"),
      after: [poison],
      inputs: { people: deliver.outputs.people },
      params: { steps: 300, rate: 0.05, ridge: 0.001 },
      outputs: { model: { path: "model.json", type: "json" } },
    });
    return { nodes: [infer, deliver, integrity, poison, train] };
  },
);
