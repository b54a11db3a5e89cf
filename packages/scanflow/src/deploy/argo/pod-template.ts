import { dirname } from "node:path";
import type { WorkTask } from "@scanflow/core";
import { type ArtifactSource, artifactSource, ownKey } from "./artifact-source.ts";
import { type Build, expressionTag, type Manifest } from "./build.ts";
import { podCommand } from "./command.ts";
import { isOptional } from "./content.ts";
import { hasComputedParams, literalParamText } from "./params.ts";
import { limits, placement, retryStrategy, timeouts } from "./pod-settings.ts";
import { itemText } from "./reference-text.ts";
import type { Scope } from "./scope.ts";

const RESULT = "/scanflow/result.json";

/** Its parts that tasks have in common but for their texts are typed. */
export interface PodTemplate extends Manifest {
  readonly name: string;
  readonly metadata: { readonly annotations: { readonly "org.scanflow.task": string } };
  readonly inputs: {
    readonly parameters?: readonly { readonly name: string }[];
    readonly artifacts: readonly InputArtifact[];
  };
  readonly container: Manifest & { readonly args: readonly string[]; readonly env: readonly Variable[] };
}

interface InputArtifact extends Manifest {
  readonly name: string;
  readonly raw?: { readonly data: string };
}

interface Variable extends Manifest {
  readonly name: string;
  readonly value?: string;
}

/** The template of a task that does work: its own image runs as it is, Argo brings inputs and takes outputs. */
export function podTemplate(build: Build, scope: Scope, task: WorkTask): PodTemplate {
  const sources = Object.entries(task.inputs).map(
    ([name, input]) => [name, artifactSource(build, scope, { task, name, input })] as const,
  );
  const places = Object.fromEntries(sources.map(([name, source]) => [name, placeOf(name, source)]));
  const { command, args, variables, outputs } = podCommand(task, places);
  const optional = Object.keys(task.outputs).filter((name) => isOptional(build.index, task.id, name));
  const folders = new Set([
    "/scanflow/checkpoint",
    "/scanflow/outputs",
    ...Object.values(outputs).map((path) => dirname(path)),
  ]);
  for (const [name, source] of sources)
    if (source.kind === "key" && source.extension === "") folders.add(`/scanflow/inputs/${name}`);
  const watched =
    optional.length === 0 ? { command, args } : watching([...command, ...args], optional, outputs);
  const parameters = [
    ...task.maps.map((_, depth) => ({ name: `at-${depth + 1}` })),
    ...(hasComputedParams(task) ? [{ name: "params" }] : []),
    ...sources.flatMap(([name, source]) => {
      if (source.kind !== "key") return [];
      return [
        ...(source.key ? [{ name: `key-${name}` }] : []),
        ...(source.place ? [{ name: `path-${name}` }] : []),
      ];
    }),
  ];
  return {
    name: build.names.of(task.id),
    metadata: { annotations: { "org.scanflow.task": task.id } },
    inputs: {
      ...(parameters.length > 0 && { parameters }),
      artifacts: [
        codeArtifact,
        ...paramFiles(task, places, outputs),
        ...sources.flatMap((each) => inputArtifact(build, each)),
      ],
    },
    ...outputsOf(build, task, { outputs, optional }),
    ...retryStrategy(task),
    ...timeouts(task),
    ...placement(task),
    initContainers: [
      {
        name: "folders",
        image: build.deployment.images.scanflow,
        command: ["mkdir", "-p"],
        args: [...folders].toSorted(),
        mirrorVolumeMounts: true,
        securityContext: CONFINED,
      },
    ],
    container: {
      image: build.deployment.images.of(task),
      ...watched,
      workingDir: "/app",
      env: environment(build, task, variables),
      resources: limits(task),
      securityContext: CONFINED,
      volumeMounts: ["scanflow", "app", "tmp"].map((name) => ({ name, mountPath: `/${name}` })),
    },
  };
}

export const CONFINED = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
};

/** The application's files, as a tar in the artifact store. */
const codeArtifact = { name: "app", path: "/app", s3: { key: "{{workflow.parameters.scanflow-code}}" } };

function placeOf(name: string, source: ArtifactSource): string {
  if (source.kind === "file") return `/app/${source.path}`;
  if (source.kind === "key" && source.place) return `{{inputs.parameters.path-${name}}}`;
  return `/scanflow/inputs/${name}${source.extension}`;
}

function inputArtifact(
  build: Build,
  [name, source]: readonly [string, ArtifactSource],
): readonly InputArtifact[] {
  if (source.kind === "file") return [];
  const path = `/scanflow/inputs/${name}${source.extension}`;
  if (source.kind === "task") {
    const asItIs = build.keyed.has(`${source.from} ${source.output}`) ? { archive: { none: {} } } : {};
    return [{ name, path, ...asItIs }];
  }
  // Of a map over nothing there is nothing in the store.
  if (source.key === null) return [];
  const isFolder = source.extension === "" || source.place !== null;
  const key = `{{inputs.parameters.key-${name}}}`;
  return [{ name, path, s3: { key }, archive: { none: {} }, ...(isFolder && { optional: true }) }];
}

/** Files that have to lie there: the params, and for functions their task. */
function paramFiles(
  task: WorkTask,
  inputs: Readonly<Record<string, string>>,
  outputs: Readonly<Record<string, string>>,
): readonly InputArtifact[] {
  const literal = Object.fromEntries(
    Object.entries(task.params).map(([name, value]) => [name, value.kind === "literal" ? value.value : null]),
  );
  const params = hasComputedParams(task) ? "{{inputs.parameters.params}}" : JSON.stringify(literal);
  const files = [{ name: "scanflow-params", path: "/scanflow/params.json", raw: { data: params } }];
  if (task.run.kind !== "module" && task.run.kind !== "check") return files;
  const [innermost] =
    task.maps.length > 0 ? [expressionTag(`toJson(${itemText(task.maps.length).text})`)] : ["null"];
  const step = { root: "/app", inputs, outputs, checkpoint: "/scanflow/checkpoint" };
  const data = `${JSON.stringify(step).slice(0, -1)}, "item": ${innermost}, "params": ${params} }`;
  return [...files, { name: "scanflow-step", path: "/scanflow/step.json", raw: { data } }];
}

interface Written {
  readonly outputs: Readonly<Record<string, string>>;
  readonly optional: readonly string[];
}

function outputsOf(build: Build, task: WorkTask, { outputs, optional }: Written): Manifest {
  const artifacts = Object.entries(outputs).map(([name, path]) => ({
    name,
    path,
    ...(optional.includes(name) && { optional: true }),
    ...(build.keyed.has(`${task.id} ${name}`) && {
      s3: { key: ownKey(build, task, name) },
      archive: { none: {} },
    }),
  }));
  const result = task.kind === "checker" ? (outputs.verdict ?? RESULT) : RESULT;
  const parameters = [
    ...(build.results.has(task.id) ? [{ name: "result", valueFrom: { path: result, default: "{}" } }] : []),
    ...optional.map((name) => ({
      name: `wrote-${name}`,
      valueFrom: { path: wroteMark(name), default: "false" },
    })),
  ];
  if (artifacts.length + parameters.length === 0) return {};
  return {
    outputs: { ...(parameters.length > 0 && { parameters }), ...(artifacts.length > 0 && { artifacts }) },
  };
}

function wroteMark(name: string): string {
  return `/scanflow/wrote-${name}`;
}

/** Runs a command and marks which optional outputs it wrote, since Argo does not tell. */
function watching(
  words: readonly string[],
  optional: readonly string[],
  outputs: Readonly<Record<string, string>>,
) {
  const marks = optional.map(
    (name) =>
      `if test -e '${(outputs[name] ?? "").replaceAll("'", "'\\''")}'; then printf true > ${wroteMark(name)}; fi`,
  );
  return {
    command: ["/bin/sh"],
    args: ["-c", `"$@"; code=$?; ${marks.join("; ")}; exit $code`, "sh", ...words],
  };
}

function environment(
  build: Build,
  task: WorkTask,
  variables: Readonly<Record<string, string>>,
): readonly Variable[] {
  const { application, workflow } = build.workflow.plan;
  const name = build.deployment.options.secret ?? "scanflow";
  const secrets = task.secrets.map((key) => ({ name: key, valueFrom: { secretKeyRef: { name, key } } }));
  const tracker = task.tracker === "" ? "default" : task.tracker.replaceAll(/[^-._a-zA-Z0-9]/g, ".");
  const tracking = { name: TRACKING, key: tracker, optional: true };
  return [
    ...Object.entries(variables).map(([variable, value]) => ({ name: variable, value })),
    { name: "HOME", value: "/tmp" },
    { name: "MLFLOW_EXPERIMENT_NAME", value: literalParamText(`${application}/${workflow}`) },
    { name: "MLFLOW_TRACKING_URI", valueFrom: { configMapKeyRef: tracking } },
    ...secrets,
  ];
}

/** A ConfigMap that says where trackers are: each by its name, the embedded one as `default`. */
const TRACKING = "scanflow-tracking";
