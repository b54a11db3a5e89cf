import { checker, executor, expression, file, integer, step, workflow } from "scanflow";

/** A model is registered when it passes its tests, and three checkers of our own have nothing against it. */
export const release = workflow(
  "release",
  {
    description: "Boosted trees, explained, tested, and registered if they are good enough.",
    params: {
      rounds: integer({ default: 60, min: 1, description: "Trees: with two the model is a bad one." }),
    },
  },
  ({ params }) => {
    const holdout = file("data/adult-test.csv.gz");
    const known = file("data/adult-train.csv.gz");
    const report = { report: "report.html" };
    const grow = executor("grow", {
      run: step("steps/grow.ts"),
      inputs: { people: known },
      params: { rounds: params.rounds, rate: 0.2, depth: 4, leaf: 20 },
      outputs: { model: "model.txt" },
    });
    const { model } = grow.outputs;
    const answer = executor("answer", {
      run: step("steps/answer-with-trees.ts"),
      inputs: { model, people: holdout },
      outputs: { answers: "answers.csv" },
    });
    const tests = checker("tests", {
      check: "model-tests",
      inputs: { current: holdout, tests: file("model-tests.yaml"), model },
      outputs: report,
    });
    const counts = checker("what-counts", {
      check: "checkers/what-counts.ts",
      inputs: { current: holdout, model },
      params: { protected: ["race", "sex"], along: ["age", "hours-per-week"], row: 6 },
      outputs: report,
    });
    const approval = checker("approval-rate", {
      check: "checkers/approval-rate.ts",
      inputs: { current: answer.outputs.answers, reference: known },
      params: { within: 0.05 },
      outputs: report,
    });
    const minors = checker("minors", {
      check: "python3 checkers/minors.py",
      inputs: { current: answer.outputs.answers },
      params: { age: 20 },
      outputs: report,
    });
    const register = executor("register", {
      run: "cp {{inputs.model}} {{outputs.model}}",
      inputs: { model },
      outputs: { model: { path: "model.txt", register: "income" } },
      when: expression`${tests.result("status")} == "ok" and ${counts.result("status")} == "ok" and ${approval.result("status")} == "ok" and ${minors.result("status")} == "ok"`,
    });
    return { nodes: [grow, answer, tests, counts, approval, minors, register] };
  },
);
