import { application, checker, executor, file, integer, step, workflow } from "scanflow";

const anomalies = workflow(
  "anomalies",
  {
    description: "Learns what digits look like, and finds images that are none.",
    params: {
      seed: integer({
        default: 1,
        min: 0,
        description: "Seeds the faults, the training and the comparison.",
      }),
      epochs: integer({
        default: 50,
        min: 1,
        description: "Epochs of the original Scanflow's detector, which had 50.",
      }),
    },
  },
  ({ params: { seed, epochs } }) => {
    const prepare = executor("prepare", {
      run: step("steps/prepare.ts"),
      inputs: { digits: file("data/digits.csv") },
      params: { seed },
      outputs: { reference: "reference.csv", good: "good.csv", faulty: "faulty.csv" },
    });
    const { reference, good, faulty } = prepare.outputs;
    const learn = (kind: string) =>
      executor(`fit-${kind}`, {
        run: step("steps/fit.ts"),
        inputs: { reference },
        params: { kind, seed },
        outputs: { detector: "detector.onnx" },
      });
    const autoencoder = learn("autoencoder");
    const pca = learn("pca");
    const neighbours = learn("neighbours");
    const detector = autoencoder.outputs.detector;
    const detectors = {
      autoencoder: detector,
      pca: pca.outputs.detector,
      neighbours: neighbours.outputs.detector,
    };
    const score = executor("score", {
      run: step("steps/score.ts"),
      inputs: { good, faulty, ...detectors },
      outputs: { scores: "scores.csv", latent: "latent.csv" },
    });
    const compare = executor("compare", {
      run: step("steps/compare.ts"),
      inputs: { reference, good, faulty, scores: score.outputs.scores, ...detectors },
      params: { seed, epochs },
      outputs: { report: { path: "report.html", type: "text" } },
    });
    const judge = (name: string, current: typeof good) =>
      checker(name, {
        check: "detector",
        inputs: { current, detector },
        params: { id: "image", worst: 6 },
        outputs: { report: "report.html" },
      });
    const checks = [judge("check-good", good), judge("check-faulty", faulty)];
    return { nodes: [prepare, autoencoder, pca, neighbours, score, compare, ...checks] };
  },
);

export default application("anomalies", {
  description: "Images of digits, and what is unusual among them, without a label.",
  workflows: [anomalies],
  main: anomalies,
});
