import { hash } from "node:crypto";
import { join, resolve } from "node:path";

/** Where things lie in `.scanflow/`, the folder beside the config that holds all state. */
export interface StateFolder {
  /** The config's folder. */
  readonly root: string;
  readonly path: string;
  readonly database: string;
  readonly lock: string;
  /** How other commands find the owner. */
  readonly server: string;
  readonly artifacts: string;
  readonly trackers: string;
  /** Database of the record log. */
  readonly streams: string;
  /** What is built once and kept, such as Python environments; `SCANFLOW_CACHE_DIR` names another folder. */
  readonly cache: string;
  logs(run: string): string;
  /** Log file of one attempt. */
  log(run: string, task: string, attempt: number): string;
  work(run: string): string;
  workdir(run: string, task: string, attempt: number): string;
  checkpoints(run: string): string;
  checkpoint(run: string, task: string): string;
}

/**
 * The state of the application in a folder: in `.scanflow/` of it, or where `SCANFLOW_STATE_DIR` says, as in a container
 * whose application cannot be written to.
 */
export function applicationState(root: string, env: NodeJS.ProcessEnv = process.env): StateFolder {
  const { SCANFLOW_STATE_DIR: elsewhere } = env;
  return elsewhere ? stateFolder(root, resolve(root, elsewhere)) : stateFolder(root);
}

export function stateFolder(root: string, path: string = join(root, ".scanflow")): StateFolder {
  const logs = (run: string) => join(path, "logs", run);
  const work = (run: string) => join(path, "work", run);
  const checkpoints = (run: string) => join(path, "checkpoints", run);
  return {
    root,
    path,
    database: join(path, "scanflow.db"),
    lock: join(path, "lock"),
    server: join(path, "server.json"),
    artifacts: join(path, "artifacts"),
    trackers: join(path, "trackers"),
    streams: join(path, "streams.db"),
    cache: join(path, "cache"),
    logs,
    log: (run, task, attempt) => join(logs(run), `${fileName(task)}.${attempt}.log`),
    work,
    workdir: (run, task, attempt) => join(work(run), `${fileName(task)}.${attempt}`),
    checkpoints,
    checkpoint: (run, task) => join(checkpoints(run), fileName(task)),
  };
}

/** A task id as one file name: slashes become dots; long ones are cut and kept apart by a digest. */
function fileName(task: string): string {
  const flat = task.replaceAll("/", ".");
  if (Buffer.byteLength(flat) <= 120) return flat;
  return `${flat.slice(0, 80)}-${hash("sha256", task).slice(0, 16)}`;
}
