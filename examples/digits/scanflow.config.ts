import {
  application,
  checker,
  choice,
  executor,
  expression,
  file,
  integer,
  nested,
  number,
  step,
  workflow,
} from "scanflow";

/** Two models on the same data, in parallel. */
const training = workflow(
  "training",
  {
    description: "Fits a linear model and a small neural network.",
    inputs: ["train", "validation"],
    params: { seed: 42 },
  },
  ({ inputs, params }) => {
    const data = { train: inputs.train, validation: inputs.validation };
    const settings = { seed: params.seed, epochs: 40, batchSize: 32, learningRate: 0.01, decay: 0.0001 };
    const softmax = executor("softmax", {
      run: step("steps/train-softmax.ts"),
      inputs: data,
      params: settings,
      outputs: { model: { path: "softmax.json", type: "json" } },
    });
    const mlp = executor("mlp", {
      run: step("steps/train-mlp.ts"),
      inputs: data,
      params: { ...settings, hidden: 64 },
      outputs: { model: { path: "mlp.json", type: "json" } },
    });
    return { nodes: [softmax, mlp], outputs: { softmax: softmax.outputs.model, mlp: mlp.outputs.model } };
  },
);

/** From the raw file to a registered model. */
const digits = workflow(
  "digits",
  {
    description: "Learns to read handwritten digits.",
    params: {
      seed: integer({ default: 42, min: 0, description: "Seeds the split and the training." }),
      fade: number({
        default: 0,
        min: 0,
        max: 1,
        description: "How much fainter the ink of the checked batch is.",
      }),
    },
  },
  ({ params }) => {
    const gather = executor("gather", {
      run: step("steps/gather.ts"),
      inputs: { raw: file("data/digits.csv") },
      outputs: { digits: { path: "digits.csv", type: "csv" } },
    });
    const split = executor("split", {
      run: step("steps/split.ts"),
      inputs: { digits: gather.outputs.digits },
      params: { seed: params.seed, validationShare: 0.2, testShare: 0.2 },
      outputs: { train: "train.csv", validation: "validation.csv", test: "test.csv" },
    });
    const normalise = executor("normalise", {
      run: step("steps/normalise.ts"),
      inputs: { train: split.outputs.train, validation: split.outputs.validation, test: split.outputs.test },
      outputs: { train: "train.csv", validation: "validation.csv", test: "test.csv", scaler: "scaler.json" },
    });
    const train = nested("train", training, {
      inputs: { train: normalise.outputs.train, validation: normalise.outputs.validation },
      params: { seed: params.seed },
    });
    const evaluate = executor("evaluate", {
      run: step("steps/evaluate.ts"),
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
    const explain = executor("explain", {
      run: step("steps/explain.ts"),
      inputs: { model: choose.outputs.model, test: normalise.outputs.test, raw: split.outputs.test },
      outputs: { explanation: { path: "explanation.json", type: "json" }, picture: "misread.svg" },
    });
    const profile = executor("profile", {
      run: step("steps/profile.ts"),
      inputs: { train: split.outputs.train },
      params: { seed: params.seed },
      outputs: { profile: { path: "profile.json", type: "json" } },
    });
    const batch = executor("draw-batch", {
      run: step("steps/draw-batch.ts"),
      inputs: { test: split.outputs.test },
      params: { seed: params.seed, rows: 200, fade: params.fade },
      outputs: { batch: "batch.csv" },
    });
    const drift = checker("check-drift", {
      run: step("steps/check-drift.ts"),
      inputs: { profile: profile.outputs.profile, batch: batch.outputs.batch },
      params: { significance: 0.05, minimumEffect: 0.1 },
    });
    const register = executor("register", {
      run: step("steps/register.ts"),
      inputs: {
        model: choose.outputs.model,
        scaler: normalise.outputs.scaler,
        evaluation: evaluate.outputs.evaluation,
        verdict: drift.outputs.verdict,
      },
      outputs: {
        model: { path: "model.json", type: "json", register: "digits" },
        card: { path: "card.json", type: "json" },
      },
    });
    return {
      nodes: [gather, split, normalise, train, evaluate, choose, explain, profile, batch, drift, register],
    };
  },
);

export default application("digits", {
  description: "The 1,797 handwritten digits of UCI, read by the better of two models.",
  workflows: [digits, training],
  main: digits,
});
