import { application, checker, executor, file, step, workflow } from "scanflow";
import { intake } from "./workflows/intake.ts";
import { release } from "./workflows/release.ts";

/** Which columns hold what the model said and what was true. */
const roles = { label: "income", prediction: "prediction", probabilities: "probability", positive: ">50K" };

const adult = workflow(
  "adult",
  { description: "Tells who earns more than 50,000 dollars, and where and for whom the model is wrong." },
  () => {
    const train = executor("train", {
      run: step("steps/train.ts"),
      inputs: { people: file("data/adult-train.csv.gz") },
      params: { steps: 300, rate: 0.05, ridge: 0.001 },
      outputs: { model: { path: "model.json", type: "json" } },
    });
    const answer = executor("answer", {
      run: step("steps/answer.ts"),
      inputs: { model: train.outputs.model, people: file("data/adult-test.csv.gz") },
      outputs: { reference: "reference.csv", window: "window.csv" },
    });
    const data = { current: answer.outputs.window, reference: answer.outputs.reference };
    const report = { report: "report.html" };
    const performance = checker("performance", {
      check: "performance",
      inputs: data,
      params: roles,
      outputs: report,
    });
    const estimate = checker("estimate", {
      check: "estimated-performance",
      inputs: data,
      params: roles,
      outputs: report,
    });
    const calibration = checker("calibration", {
      check: "calibration",
      inputs: data,
      params: roles,
      outputs: report,
    });
    const slices = checker("slices", {
      check: "slices",
      inputs: { current: data.current },
      params: roles,
      outputs: report,
    });
    const fairness = checker("fairness", {
      check: "fairness",
      inputs: { current: data.current },
      params: { ...roles, groups: ["sex", "race"], privileged: { sex: "Male", race: "White" } },
      outputs: report,
    });
    return { nodes: [train, answer, performance, estimate, calibration, slices, fairness] };
  },
);

export default application("adult", {
  description:
    "A model of census income, and the checks that say where it errs and whom it treats otherwise.",
  workflows: [adult, intake, release],
  main: adult,
});
