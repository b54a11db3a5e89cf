import { application, executor, integer, number, project, step, workflow } from "scanflow";

/** A project of MLflow as one step among others: its script and its MLproject file stay as they are. */
const houses = workflow(
  "houses",
  { params: { alpha: number({ default: 0.5, min: 0 }), seed: integer({ default: 7 }) } },
  ({ params }) => {
    const gather = executor("gather", {
      run: step("./steps/gather.ts"),
      params: { seed: params.seed, count: 120 },
      outputs: { houses: "houses.csv" },
    });
    const train = executor("train", {
      run: project("training"),
      inputs: { data: gather.outputs.houses },
      params: { alpha: params.alpha, folds: 4 },
      outputs: { model: { path: "model.json", type: "json", register: "houses" } },
    });
    const report = executor("report", {
      run: step("./steps/report.ts"),
      inputs: { model: train.outputs.model },
      params: { r2: train.metric("r2") },
      outputs: { report: "report.txt" },
    });
    return { nodes: [gather, train, report] };
  },
);

export default application("houses", { main: houses });
