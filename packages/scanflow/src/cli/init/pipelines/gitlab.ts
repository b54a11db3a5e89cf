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

export const gitlabFile = ".gitlab-ci.yml";

/** A pipeline of GitLab. Source: GitLab, "CI/CD YAML syntax reference". */
export function gitlabPipeline(options: PipelineOptions): string {
  const onMain = '$CI_PIPELINE_SOURCE == "push" && $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH';
  const pipeline = {
    stages: ["test", "gate", "deploy", "rollback"],
    workflow: {
      rules: [
        { if: '$CI_PIPELINE_SOURCE == "merge_request_event"' },
        { if: "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH" },
      ],
    },
    variables: {
      SCANFLOW_REGISTRY: "$CI_REGISTRY_IMAGE",
      // The commits before this one, which a rollback goes to.
      GIT_DEPTH: "0",
      KUBECTL_VERSION: "v1.34.1",
    },
    default: {
      image: "node:24-bookworm-slim",
      cache: { key: { files: ["package-lock.json"] }, paths: [".npm/"] },
      before_script: preparation(options),
    },
    test: {
      stage: "test",
      rules: [{ if: "$BACK_TO == null" }],
      script: scriptOf(testSteps(options)),
    },
    gate: {
      stage: "gate",
      rules: [{ if: "$BACK_TO == null" }],
      script: scriptOf(gateSteps),
    },
    deploy: {
      stage: "deploy",
      rules: [{ if: "$BACK_TO", when: "never" }, { if: onMain }],
      ...onCluster,
      script: [...access, ...scriptOf(deploySteps(options))],
    },
    "rollback-failed-deploy": {
      stage: "rollback",
      needs: ["deploy"],
      rules: [
        { if: "$BACK_TO", when: "never" },
        { if: onMain, when: "on_failure" },
      ],
      ...onCluster,
      variables: { ...onCluster.variables, BACK_TO: "$CI_COMMIT_BEFORE_SHA" },
      script: [...access, ...scriptOf([rollbackStep(options)])],
    },
    "rollback-by-hand": {
      stage: "rollback",
      rules: [{ if: "$BACK_TO" }],
      ...onCluster,
      script: [...access, ...scriptOf([rollbackStep(options)])],
    },
  };
  return yamlText([pipeline], { header });
}

const header = [
  "Tests each change, gates it by a run and by model tests, deploys the default branch, and rolls back when that fails.",
  "By hand: run a pipeline of the default branch with the variable BACK_TO, a former commit.",
  "Written once by scanflow init --ci gitlab; it is yours now.",
  "",
  "It needs, under Settings, CI/CD, Variables:",
  "- KUBECONFIG, of type file: a kubeconfig that may deploy to the namespace;",
  "- HOLDOUT, if there are model tests: the file of rows that they are made on.",
  "The runner must allow privileged containers, in which images are built.",
];

const onCluster = {
  environment: { name: "production" },
  resource_group: "production",
  interruptible: false,
  services: [{ name: "docker:28-dind", alias: "docker" }],
  variables: { DOCKER_HOST: "tcp://docker:2375", DOCKER_TLS_CERTDIR: "" },
};

function preparation({ python }: PipelineOptions): readonly string[] {
  const packages = ["ca-certificates", "curl", "git", ...(python ? ["python3", "python3-venv"] : [])];
  return [
    "apt-get update",
    `apt-get install --yes --no-install-recommends ${packages.join(" ")}`,
    `${install.script} --cache .npm --prefer-offline`,
  ];
}

/** kubectl, and a login to the project's own registry. */
const access = [
  'curl --fail --silent --show-error --location --output /usr/local/bin/kubectl "https://dl.k8s.io/release/$KUBECTL_VERSION/bin/linux/amd64/kubectl"',
  "chmod +x /usr/local/bin/kubectl",
  [
    "mkdir -p ~/.docker",
    'auth=$(printf "%s:%s" "$CI_REGISTRY_USER" "$CI_REGISTRY_PASSWORD" | base64 --wrap=0)',
    'printf \'{"auths":{"%s":{"auth":"%s"}}}\' "$CI_REGISTRY" "$auth" > ~/.docker/config.json',
  ].join("\n"),
];

function scriptOf(steps: readonly PipelineStep[]): readonly string[] {
  return steps.map(({ name, script }) => `# ${name}\n${script}\n`);
}
