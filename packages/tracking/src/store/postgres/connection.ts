import type { Client } from "pg";
import { Pipeline, type PipelineResult, type Step } from "./pipeline.ts";

/** A client can be told whether to keep the process alive, which its types leave out. */
type PostgresClient = Client & { ref(): void; unref(): void };

const connectTimeoutMs = 10_000;

/**
 * One connection, made when it is first used and again after it was lost. It keeps the process alive only while a
 * call waits.
 */
export class PostgresConnection {
  readonly #url: string;
  #client: Promise<PostgresClient> | undefined;
  #live: PostgresClient | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Calls that are under way or wait for their turn. */
  get load(): number {
    return this.#waiting;
  }

  /** Does what takes several round trips when all that was asked for before is done: nothing comes between them. */
  async inTurn<T>(work: () => Promise<T>): Promise<T> {
    this.#waiting++;
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    try {
      return await turn;
    } finally {
      this.#waiting--;
      if (this.#waiting === 0) this.#live?.unref();
    }
  }

  /** Runs the steps in one round trip. A server that cannot be reached is an error in the result. */
  async run(steps: readonly Step[]): Promise<PipelineResult> {
    this.#client ??= this.#connect();
    try {
      const client = await this.#client;
      client.ref();
      const pipeline = new Pipeline(steps);
      client.query(pipeline);
      return await pipeline.done;
    } catch (error) {
      return { results: [], error: error as Error };
    }
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    client?.ref();
    await client?.end();
  }

  async #connect(): Promise<PostgresClient> {
    try {
      const { default: pg } = await import("pg");
      const client = new pg.Client({
        connectionString: this.#url,
        application_name: "scanflow",
        connectionTimeoutMillis: connectTimeoutMs,
        keepAlive: true,
      }) as PostgresClient;
      const forget = () => {
        if (this.#live === client) this.#client = this.#live = undefined;
      };
      client.on("error", forget);
      client.on("end", forget);
      try {
        await client.connect();
      } catch (error) {
        // A login that this side gave up leaves the socket open, and the process with it.
        client.end().catch(() => undefined);
        throw error;
      }
      this.#live = client;
      return client;
    } catch (error) {
      this.#client = undefined;
      throw error;
    }
  }
}
