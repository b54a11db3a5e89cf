import {
  application,
  checker,
  choice,
  executor,
  expression,
  file,
  integer,
  nested,
  notebook,
  number,
  python,
  workflow,
} from "scanflow";

const environment = python({ requirements: "requirements.txt" });

/** A script, with the modules that all of them share as its code. */
const script = (name: string) => ({
  run: `python steps/${name}.py`,
  code: [`steps/${name}.py`, "steps/node.py", "steps/digit_table.py"],
});

/** Two models on the same data, in parallel. */
const training = workflow(
  "training",
  {
    description: "Fits a linear model and a small neural network.",
    inputs: ["train", "validation"],
    params: { seed: 42 },
    defaults: { environment },
  },
  ({ inputs, params }) => {
    const softmax = executor("softmax", {
      ...script("train_softmax"),
      inputs,
      params: { C: 1, iterations: 200 },
      outputs: { model: { path: "softmax.joblib", type: "model" } },
    });
    const mlp = executor("mlp", {
      ...script("train_mlp"),
      inputs,
      params: {
        seed: params.seed,
        epochs: 40,
        batchSize: 32,
        learningRate: 0.01,
        alpha: 0.0001,
        hidden: 64,
      },
      outputs: { model: { path: "mlp.joblib", type: "model" } },
    });
    return { nodes: [softmax, mlp], outputs: { softmax: softmax.outputs.model, mlp: mlp.outputs.model } };
  },
);

/** From the raw file to a registered model. */
const digits = workflow(
  "digits",
  {
    description: "Learns to read handwritten digits, in Python.",
    params: {
      seed: integer({ default: 42, min: 0, description: "Seeds the split and the training." }),
      fade: number({
        default: 0,
        min: 0,
        max: 1,
        description: "How much fainter the ink of the checked batch is.",
      }),
    },
    defaults: { environment },
  },
  ({ params }) => {
    const gather = executor("gather", {
      ...script("gather"),
      inputs: { raw: file("data/digits.csv") },
      outputs: { digits: { path: "digits.csv", type: "csv" } },
    });
    const explore = executor("explore", {
      run: notebook("explore.ipynb"),
      code: "explore.ipynb",
      inputs: { digits: gather.outputs.digits },
      params: { components: 10 },
      // The output "notebook" is the notebook as it was run; named here to give it a file name.
      outputs: { notebook: "explore.ipynb" },
    });
    const split = executor("split", {
      ...script("split"),
      inputs: { digits: gather.outputs.digits },
      params: { seed: params.seed, validationShare: 0.2, testShare: 0.2 },
      outputs: { train: "train.csv", validation: "validation.csv", test: "test.csv" },
    });
    const normalise = executor("normalise", {
      ...script("normalise"),
      inputs: { train: split.outputs.train, validation: split.outputs.validation, test: split.outputs.test },
      outputs: { train: "train.csv", validation: "validation.csv", test: "test.csv", scaler: "scaler.json" },
    });
    const train = nested("train", training, {
      inputs: { train: normalise.outputs.train, validation: normalise.outputs.validation },
      params: { seed: params.seed },
    });
    const evaluate = executor("evaluate", {
      ...script("evaluate"),
      inputs: {
        softmax: train.outputs.softmax,
        mlp: train.outputs.mlp,
        validation: normalise.outputs.validation,
        test: normalise.outputs.test,
      },
      outputs: { evaluation: { path: "evaluation.json", type: "json" } },
    });
    // The choice looks at validation data only; the test data are kept for the report.
    const choose = choice("choose", [
      {
        when: expression`nodes.evaluate.result.mlpValidation >= nodes.evaluate.result.softmaxValidation`,
        outputs: { model: train.outputs.mlp },
      },
      { outputs: { model: train.outputs.softmax } },
    ]);
    const batch = executor("draw-batch", {
      ...script("draw_batch"),
      inputs: { test: split.outputs.test },
      params: { seed: params.seed, rows: 200, fade: params.fade },
      outputs: { batch: "batch.csv" },
    });
    const drift = checker("check-drift", {
      ...script("check_drift"),
      inputs: { reference: split.outputs.train, batch: batch.outputs.batch },
      params: { significance: 0.05, minimumEffect: 0.1 },
    });
    const register = executor("register", {
      ...script("register"),
      inputs: {
        model: choose.outputs.model,
        scaler: normalise.outputs.scaler,
        evaluation: evaluate.outputs.evaluation,
        verdict: drift.outputs.verdict,
      },
      outputs: {
        model: { path: "model.joblib", type: "model", register: "digits" },
        card: { path: "card.json", type: "json" },
      },
    });
    return { nodes: [gather, explore, split, normalise, train, evaluate, choose, batch, drift, register] };
  },
);

export default application("digits-python", {
  description: "The 1,797 handwritten digits of UCI, read by the better of two scikit-learn models.",
  main: digits,
});
