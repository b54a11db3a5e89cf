/** What the pipeline of an application has to know of it. */
export interface PipelineOptions {
  /** What it deploys to. */
  readonly target: PipelineTarget;
  /** The namespace there. */
  readonly namespace: string;
  /** Whether tasks need Python on the machine. */
  readonly python: boolean;
}

export const pipelineTargets = ["kubernetes", "argo", "kserve"] as const;
export type PipelineTarget = (typeof pipelineTargets)[number];

/** A step: a sentence for people, and a script of the shell. */
export interface PipelineStep {
  readonly name: string;
  readonly script: string;
}

export const install: PipelineStep = { name: "Install what package-lock.json says", script: "npm ci" };

/** Whether the definition is right, and the exported files in the repository are those of it. */
export function testSteps({ target }: PipelineOptions): readonly PipelineStep[] {
  return [
    { name: "The definition is right, and its files are there", script: "npx scanflow plan" },
    {
      name: "The exported files, if the repository has them, are those of the definition",
      script: [
        `if [ -f deploy/${target}/.scanflow-export.json ]; then`,
        `  npx scanflow export ${target} --diff`,
        "fi",
      ].join("\n"),
    },
  ];
}

/** What must hold before anything is deployed. */
export const gateSteps: readonly PipelineStep[] = [
  { name: "The workflow runs to its end; a checker with failOn fails it", script: "npx scanflow run" },
  {
    name: "The model holds what model-tests.yaml says of the rows in HOLDOUT",
    script: [
      'if [ -f model-tests.yaml ] && [ -n "$HOLDOUT" ]; then',
      '  npx scanflow check --current "$HOLDOUT" --model-tests model-tests.yaml',
      "else",
      '  echo "No model tests: there is no model-tests.yaml, or no HOLDOUT."',
      "fi",
    ].join("\n"),
  },
];

export function deploySteps({ target, namespace }: PipelineOptions): readonly PipelineStep[] {
  const wait = `kubectl rollout status deployment/scanflow --namespace ${namespace} --timeout 5m`;
  return [
    { name: "Build and push the images that are not there", script: "npx scanflow build --push" },
    { name: "Deploy", script: `npx scanflow deploy ${target} --overwrite` },
    ...(target === "kubernetes" ? [{ name: "Wait until the new server is up", script: wait }] : []),
  ];
}

/** Deploys what a former commit, named by the variable BACK_TO, says. Its images are in the registry. */
export function rollbackStep({ target }: PipelineOptions): PipelineStep {
  return {
    name: "Roll back to BACK_TO",
    script: [
      'git checkout --force --detach "$BACK_TO"',
      install.script,
      `npx scanflow deploy ${target} --overwrite`,
    ].join("\n"),
  };
}
