import type { RemoteCommand } from "../gateway.ts";
import { notebookProgram } from "../notebook/notebook-program.ts";
import type { AttemptSpec } from "../runner.ts";
import { type Program, programOf } from "./command-line.ts";
import { listeningInContainer } from "./listening.ts";
import { containerSite, type Site, type SitePlaces, sitePlaces } from "./places.ts";
import { contractVariables } from "./variables.ts";

/** How an image of ours starts the program that runs function steps. */
const containerShim = ["node", "/opt/scanflow/dist/shim/main.js"];

export interface RemoteOptions {
  /** Values by name. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The variables by which MLflow finds its run there. */
  readonly tracking: Readonly<Record<string, string>>;
  readonly site?: Site;
  /** How the shim is started there. */
  readonly shim?: readonly string[];
}

/** What is started for an attempt in a container, and what has to lie there first. Throws as `programOf` does. */
export function remoteCommand(
  spec: AttemptSpec,
  { secrets, tracking, site = containerSite, shim = containerShim }: RemoteOptions,
): RemoteCommand {
  const places = sitePlaces(spec, site);
  const placed = { ...spec, checkpoint: places.checkpoint };
  const { variables, leftOut } = contractVariables(placed, places, listeningInContainer(spec));
  const program = programIn(spec, places, { site, shim });
  return {
    file: program.file,
    args: program.args,
    shell: program.shell,
    variables: {
      // So that what Python prints is in the log at once.
      PYTHONUNBUFFERED: "1",
      ...spec.env,
      ...secrets,
      ...variables,
      ...program.variables,
      ...tracking,
    },
    secret: [...Object.keys(secrets), ...Object.keys(tracking).filter((name) => name.endsWith("TOKEN"))],
    leftOut,
    files: [
      { path: places.params, text: JSON.stringify(spec.params) },
      ...(isStep(spec) ? [{ path: places.step, text: JSON.stringify(stepTask(spec, places, site)) }] : []),
    ],
  };
}

function isStep({ command }: AttemptSpec): boolean {
  return command.kind === "module" || command.kind === "check";
}

function programIn(
  spec: AttemptSpec,
  places: SitePlaces,
  { site, shim }: Required<Pick<RemoteOptions, "site" | "shim">>,
): Program {
  const { command, task, params, item } = spec;
  if (command.kind === "command") {
    return programOf(command.command, { task, params, places, ...(item === undefined ? {} : { item }) });
  }
  if (command.kind === "notebook") {
    const { program, variables } = notebookProgram(spec, { places, ...site, python: "python" });
    return { ...program, variables };
  }
  const [file = "", ...begin] = shim;
  const variables = { SCANFLOW_STEP_FILE: places.step, SCANFLOW_LOGGED_FILE: places.logged };
  if (command.kind === "module") {
    return { file, args: [...begin, "step", command.module, command.export], variables, shell: false };
  }
  const { check } = command;
  const named = { SCANFLOW_CHECK: check, SCANFLOW_CHECK_FOLDER: site.root };
  return { file, args: [...begin, "check", check], variables: { ...variables, ...named }, shell: false };
}

/** What stands in the file of `SCANFLOW_STEP_FILE`: names as they are written, and values with their types. */
export interface RemoteStep {
  readonly root: string;
  readonly inputs: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  readonly params: AttemptSpec["params"];
  readonly item: NonNullable<AttemptSpec["item"]> | null;
  readonly checkpoint: string;
}

function stepTask({ params, item = null }: AttemptSpec, places: SitePlaces, { root }: Site): RemoteStep {
  const { inputs, outputs, checkpoint } = places;
  return { root, inputs, outputs, params, item, checkpoint };
}
