import type { AttemptSpec } from "../../runners/runner.ts";

/** What an attempt may touch at its tracker: its own run, and what it has made since. */
export class TrackerPass {
  readonly uri: string;
  /** The owner's own, where the tracker has users; who has the pass does not see it. */
  readonly token: string | undefined;
  readonly experiment: string;
  readonly run: string;
  readonly #runs: Set<string>;
  /** MLflow's logged models (`m-…`). */
  readonly models = new Set<string>();
  /** Names of registered models, and `name/version`. */
  readonly registered = new Set<string>();
  readonly versions = new Set<string>();
  /** Uploads in parts that are under way. */
  readonly uploads = new Set<string>();

  constructor({ uri, experimentId, runId, token }: AttemptSpec["tracking"]) {
    this.uri = uri;
    this.token = token;
    this.experiment = experimentId;
    this.run = runId;
    this.#runs = new Set([runId]);
  }

  ownsRun(run: unknown): boolean {
    return typeof run === "string" && run !== "" && this.#runs.has(run);
  }

  isExperiment(experiment: unknown): boolean {
    return typeof experiment === "string" && experiment !== "" && experiment === this.experiment;
  }

  addRun(run: string): void {
    this.#runs.add(run);
  }
}
