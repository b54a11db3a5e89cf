import type { Connection, Submittable } from "pg";
import type { SqlValue } from "../statement.ts";
import { decoderOf } from "./values.ts";

type Values = readonly (string | Buffer | null)[];

/** A statement in PostgreSQL's words, and the parameters of each of its executions (at least one). */
export interface Step {
  readonly sql: string;
  readonly executions: readonly Values[];
}

/** What one step gave: all its executions together. */
export interface StepResult {
  columns: string[];
  cells: SqlValue[][];
  changes: number;
}

/** What the steps gave up to the first that failed, and how it failed. */
export interface PipelineResult {
  readonly results: readonly StepResult[];
  readonly error?: Error;
}

interface RowDescription {
  readonly fields: readonly { readonly name: string; readonly dataTypeID: number }[];
}

/**
 * Steps that go to the server in one piece and are answered in one piece: Parse, then Bind and Execute for each
 * execution, one Sync at the end (postgresql.org/docs/current/protocol-flow.html, "Pipelining"). The first failure
 * skips the rest.
 */
export class Pipeline implements Submittable {
  readonly done: Promise<PipelineResult>;
  readonly #steps: readonly Step[];
  readonly #results: StepResult[] = [];
  #answer: (result: PipelineResult) => void = () => {};
  #current: StepResult = emptyResult();
  #decoders: ((text: string) => SqlValue)[] = [];
  #completed = 0;

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
    this.done = new Promise((resolve) => {
      this.#answer = resolve;
    });
  }

  submit(connection: Connection): void {
    connection.stream.cork();
    for (const { sql, executions } of this.#steps) {
      connection.parse({ name: "", text: sql, types: [] }, true);
      for (const [i, values] of executions.entries()) {
        connection.bind({ values: [...values] }, true);
        if (i === 0) connection.describe({ type: "P" }, true);
        connection.execute({}, true);
      }
    }
    connection.sync();
    connection.stream.uncork();
  }

  handleRowDescription({ fields }: RowDescription): void {
    this.#current.columns = fields.map(({ name }) => name);
    this.#decoders = fields.map(({ dataTypeID }) => decoderOf(dataTypeID));
  }

  handleDataRow({ fields }: { fields: readonly (string | null)[] }): void {
    const decoders = this.#decoders;
    this.#current.cells.push(fields.map((text, i) => (text === null ? null : (decoders[i]?.(text) ?? text))));
  }

  handleCommandComplete({ text }: { text: string }): void {
    this.#current.changes += Number(/\d+$/.exec(text)?.[0] ?? 0);
    this.#complete();
  }

  handleEmptyQuery(): void {
    this.#complete();
  }

  handleError(error: Error): void {
    this.#answer({ results: this.#results, error });
  }

  handleReadyForQuery(): void {
    this.#answer({ results: this.#results });
  }

  #complete(): void {
    const step = this.#steps[this.#results.length];
    if (++this.#completed < (step?.executions.length ?? 0)) return;
    this.#results.push(this.#current);
    this.#current = emptyResult();
    this.#completed = 0;
  }
}

function emptyResult(): StepResult {
  return { columns: [], cells: [], changes: 0 };
}
