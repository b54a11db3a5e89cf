import {
  application,
  checker,
  choice,
  executor,
  file,
  integer,
  nested,
  number,
  step,
  tracker,
  workflow,
} from "scanflow";

const gather = {
  run: step("steps/gather.ts"),
  outputs: { images: { path: "images.csv", type: "csv" } },
} as const;

const preprocess = {
  run: step("steps/preprocess.ts"),
  outputs: { shapes: { path: "shapes.csv", type: "csv" } },
} as const;

const model = {
  run: step("steps/model.ts"),
  outputs: { model: { path: "model.json", type: "json" } },
} as const;

const renew = { ...model, run: step("steps/renew.ts") } as const;

const centroid = { method: "nearest-centroid" };
const lda = { method: "lda" };

/** Learns from images of a file: gathers them, measures their shapes, models these. */
const learn = (raw: string, params: { readonly method: string }) => {
  const gathering = executor("gathering", { ...gather, inputs: { raw: file(raw) } });
  const preprocessing = executor("preprocessing", {
    ...preprocess,
    inputs: { images: gathering.outputs.images },
  });
  const modeling = executor("modeling", {
    ...model,
    inputs: { shapes: preprocessing.outputs.shapes },
    params,
  });
  return { nodes: [gathering, preprocessing, modeling], preprocessing, modeling };
};

/** Learns from images of its own, and keeps its runs in a tracker of its own. */
const learning = (name: string, { raw, method }: { readonly raw: string; readonly method: string }) =>
  workflow(name, { description: `Tells digits by their shape: ${method}.` }, () => {
    const { nodes, modeling } = learn(raw, { method });
    return { nodes: [tracker(`tracker-${name}`), ...nodes], outputs: { model: modeling.outputs.model } };
  });

const workflow1 = learning("workflow1", { raw: "data/images-1.csv", ...centroid });
const workflow2 = learning("workflow2", { raw: "data/images-2.csv", ...lda });

const workflow3 = workflow(
  "workflow3",
  { description: "Tries both models on new images and renews the better one.", inputs: ["first", "second"] },
  ({ inputs }) => {
    const gathering = executor("get-new-data", { ...gather, inputs: { raw: file("data/new-images.csv") } });
    const preprocessing = executor("preprocessing-new-data", {
      ...preprocess,
      inputs: { images: gathering.outputs.images },
    });
    const modeling = executor("modeling", {
      ...renew,
      inputs: { shapes: preprocessing.outputs.shapes, first: inputs.first, second: inputs.second },
    });
    return { nodes: [tracker("tracker-workflow3", { port: 8008 }), gathering, preprocessing, modeling] };
  },
);

/** Two workflows side by side, and a third that takes in what they learned. */
const decks = workflow("decks", { description: "Nested and parallel workflows." }, () => {
  const one = nested("workflow1", workflow1);
  const two = nested("workflow2", workflow2);
  const three = nested("workflow3", workflow3, {
    inputs: { first: one.outputs.model, second: two.outputs.model },
  });
  return { nodes: [one, two, three] };
});

const both = workflow("both", { description: "Two models at once.", inputs: ["shapes"] }, ({ inputs }) => ({
  nodes: [
    executor("nearest-centroid", { ...model, inputs, params: centroid }),
    executor("lda", { ...model, inputs, params: lda }),
  ],
}));

/** What runs hangs on the device. */
const dynamic = workflow(
  "dynamic",
  {
    description: "Dynamic execution: a branch for each kind of device.",
    params: { images: integer({ default: 179, min: 1, description: "Most images to learn from." }) },
  },
  ({ params }) => {
    const gathering = executor("gathering", {
      ...gather,
      inputs: { raw: file("data/images-1.csv") },
      params: { most: params.images },
    });
    const preprocessing = executor("preprocessing", {
      ...preprocess,
      inputs: { images: gathering.outputs.images },
    });
    const inputs = { shapes: preprocessing.outputs.shapes };

    const choose = choice(
      "choose",
      "if device is typeA run workflow A, elif typeB run B1 or B2, else C1 then C2 then C3",
    );
    const a = nested("A", both, { inputs });
    // From very few images LDA cannot learn; then nearest-centroid, which needs less, takes its place.
    const b1 = executor("B1", { ...model, inputs, params: lda });
    const b2 = executor("B2", { ...model, inputs, params: centroid });
    const c1 = executor("C1", { ...model, inputs, params: centroid });
    const c2 = executor("C2", { ...model, inputs, params: lda });
    const c3 = executor("C3", {
      ...renew,
      inputs: { ...inputs, first: c1.outputs.model, second: c2.outputs.model },
    });
    return { nodes: [gathering, preprocessing, choose, a, b1, b2, c1, c2, c3] };
  },
);

/** People begin to write with a slant. The shapes drift; the verdict says which, how far, and what the model makes of it. */
const handwriting = workflow(
  "handwriting",
  {
    description: "A shift of shapes that is found and explained.",
    params: { slant: number({ default: 0.5, min: -1, max: 1, description: "Pixels a line, to the right." }) },
  },
  ({ params }) => {
    const { nodes, preprocessing, modeling } = learn("data/images-1.csv", lda);
    const slanting = executor("get-slanted-data", {
      run: step("steps/slant.ts"),
      inputs: { raw: file("data/new-images.csv") },
      outputs: { images: { path: "images.csv", type: "csv" } },
      params: { slant: params.slant },
    });
    const measuring = executor("preprocessing-new-data", {
      ...preprocess,
      inputs: { images: slanting.outputs.images },
    });
    const checking = checker("check-shapes", {
      run: step("steps/check-shapes.ts"),
      inputs: {
        reference: preprocessing.outputs.shapes,
        window: measuring.outputs.shapes,
        images: slanting.outputs.images,
        model: modeling.outputs.model,
      },
      outputs: {
        report: { path: "report.html", type: "text" },
        picture: { path: "picture.svg", type: "text" },
      },
    });
    return { nodes: [...nodes, slanting, measuring, checking] };
  },
);

export default application("decks", {
  description: "The picture of the first Scanflow: nested and parallel workflows, each with a tracker.",
  main: decks,
  workflows: [dynamic, handwriting],
});
