import { yamlText } from "../../../deploy/yaml.ts";
import {
  deploySteps,
  gateSteps,
  install,
  type PipelineOptions,
  type PipelineStep,
  rollbackStep,
  testSteps,
} from "./pipeline.ts";

export const githubFile = ".github/workflows/scanflow.yml";

/** A workflow of GitHub Actions. Source: GitHub, "Workflow syntax for GitHub Actions". */
export function githubPipeline(options: PipelineOptions): string {
  const onMain = "github.event_name == 'push' && github.ref == 'refs/heads/main'";
  const named = ({ name, script }: PipelineStep) => ({ name, run: script });
  const rollback = rollbackStep(options);
  const workflow = {
    name: "scanflow",
    on: {
      push: { branches: ["main"] },
      pull_request: {},
      workflow_dispatch: {
        inputs: { back_to: { description: "Commit to roll back to", required: true, type: "string" } },
      },
    },
    permissions: { contents: "read" },
    // What is being deployed is never cut off; of a branch only the newest commit matters.
    concurrency: {
      group: `scanflow-${hub("github.ref")}`,
      "cancel-in-progress": hub("github.event_name == 'pull_request'"),
    },
    env: { HOLDOUT: hub("vars.HOLDOUT"), SCANFLOW_REGISTRY: hub("vars.SCANFLOW_REGISTRY") },
    jobs: {
      test: {
        if: "github.event_name != 'workflow_dispatch'",
        "runs-on": "ubuntu-latest",
        "timeout-minutes": 15,
        steps: [...prepared(options), ...testSteps(options).map(named)],
      },
      gate: {
        needs: "test",
        "runs-on": "ubuntu-latest",
        "timeout-minutes": 60,
        steps: [...prepared(options), ...gateSteps.map(named)],
      },
      deploy: {
        needs: ["test", "gate"],
        if: onMain,
        ...onCluster,
        steps: [
          ...prepared(options),
          ...access,
          ...deploySteps(options).map(named),
          {
            ...named(rollback),
            if: "failure()",
            env: { BACK_TO: hub("github.event.before") },
          },
        ],
      },
      rollback: {
        if: "github.event_name == 'workflow_dispatch'",
        ...onCluster,
        steps: [
          ...prepared(options),
          ...access,
          { ...named(rollback), env: { BACK_TO: hub("inputs.back_to") } },
        ],
      },
    },
  };
  return yamlText([workflow], { header });
}

/** An expression of GitHub's own. */
function hub(expression: string): string {
  return `\${{ ${expression} }}`;
}

const header = [
  "Tests each change, gates it by a run and by model tests, deploys main, and rolls back when that fails or by hand.",
  "Written once by scanflow init --ci github; it is yours now.",
  "",
  "It needs, under Settings:",
  "- the secret KUBECONFIG_DATA: a kubeconfig that may deploy to the namespace;",
  "- the variable SCANFLOW_REGISTRY: where images go, such as ghcr.io/team/app; of another registry than ghcr.io the login;",
  "- the variable HOLDOUT, if there are model tests: the file of rows that they are made on.",
];

const onCluster = {
  "runs-on": "ubuntu-latest",
  "timeout-minutes": 60,
  environment: "production",
  permissions: { contents: "read", packages: "write" },
};

function prepared({ python }: PipelineOptions): readonly object[] {
  return [
    { uses: "actions/checkout@v4", with: { "fetch-depth": 0 } },
    { uses: "actions/setup-node@v4", with: { "node-version": 24, cache: "npm" } },
    ...(python ? [{ uses: "actions/setup-python@v5", with: { "python-version": "3.x" } }] : []),
    { name: install.name, run: install.script },
  ];
}

const access = [
  {
    name: "Log in to the registry",
    uses: "docker/login-action@v3",
    with: {
      registry: "ghcr.io",
      username: hub("github.actor"),
      password: hub("secrets.GITHUB_TOKEN"),
    },
  },
  {
    name: "Find the cluster",
    run: [
      "umask 077",
      'printf "%s" "$KUBECONFIG_DATA" > "$RUNNER_TEMP/kubeconfig"',
      'echo "KUBECONFIG=$RUNNER_TEMP/kubeconfig" >> "$GITHUB_ENV"',
    ].join("\n"),
    env: { KUBECONFIG_DATA: hub("secrets.KUBECONFIG_DATA") },
  },
];
