import type { Backend } from "./backend.ts";
import { toRows } from "./rows.ts";
import type { Statement, StatementResult } from "./statement.ts";
import { fromWireError } from "./store-error.ts";
import type { WireOutcome } from "./wire.ts";

interface Waiting {
  unit: readonly Statement[];
  weight: number;
  resolve: (results: StatementResult[]) => void;
  reject: (error: Error) => void;
}

/** Rows in one transaction: bounds how long one unit waits for its neighbours. */
const groupWeight = 20_000;

/** Gathers the units that wait at the same tick into one group, which the writer commits as one. */
export class WriteQueue {
  readonly #backend: Backend;
  #waiting: Waiting[] = [];
  #underWay = 0;
  #scheduled = false;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  add(unit: readonly Statement[]): Promise<StatementResult[]> {
    return new Promise((resolve, reject) => {
      let weight = 0;
      for (const { rows } of unit) weight += rows?.length ?? 1;
      this.#waiting.push({ unit, weight, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#underWay >= this.#backend.groupsUnderWay || this.#waiting.length === 0)
      return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      void this.#send(this.#nextGroup());
    });
  }

  #nextGroup(): Waiting[] {
    let weight = 0;
    const tooMany = this.#waiting.findIndex((waiting, i) => {
      weight += waiting.weight;
      return i > 0 && weight > groupWeight;
    });
    return this.#waiting.splice(0, tooMany === -1 ? this.#waiting.length : tooMany);
  }

  async #send(group: Waiting[]): Promise<void> {
    this.#underWay++;
    try {
      const sent = this.#backend.write(group.map(({ unit }) => unit));
      this.#schedule();
      const outcomes = await sent;
      for (const [i, waiting] of group.entries()) settle(waiting, outcomes[i]);
    } catch (error) {
      for (const { reject } of group) reject(error as Error);
    } finally {
      this.#underWay--;
      this.#schedule();
    }
  }
}

function settle(waiting: Waiting, outcome: WireOutcome | undefined): void {
  if (!outcome) return;
  if ("error" in outcome) waiting.reject(fromWireError(outcome.error));
  else
    waiting.resolve(
      outcome.results.map(({ changes, rows }) => ({ changes, rows: rows ? toRows(rows) : [] })),
    );
}
