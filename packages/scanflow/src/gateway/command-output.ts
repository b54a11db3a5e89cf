import type { RemoteEnd } from "../runners/function/logged-lines.ts";
import { AttemptLog, type LogStream } from "../runners/log/attempt-log.ts";
import type { AttemptListener } from "../runners/runner.ts";
import { LogFrames } from "./log-frames.ts";
import { LoggedPieces } from "./logged-pieces.ts";

export interface CommandOutputOptions extends Omit<ConstructorParameters<typeof AttemptLog>[0], "line"> {
  readonly listener: Pick<AttemptListener, "line" | "logged">;
}

/** What a command elsewhere writes, and what a function step logs, as whoever claimed its attempt last sends it. */
export class CommandOutput {
  readonly #log: AttemptLog;
  readonly #logged: LoggedPieces;
  #frames: LogFrames | undefined;

  constructor({ listener, ...rest }: CommandOutputOptions) {
    this.#log = new AttemptLog({ ...rest, line: (line) => listener.line(line) });
    this.#logged = new LoggedPieces((batch) => listener.logged(batch));
  }

  /** Another sends from now on: from the beginning, or (null) from where an earlier owner was. */
  restart(taken: 0 | null): void {
    this.#frames?.end();
    this.#frames = new LogFrames(() => this.#log.stream(), taken);
    this.#logged.restart(taken);
  }

  takeLog(from: number, frames: Buffer): void {
    this.#frames?.take(from, frames);
  }

  takeLogged(from: number, piece: Buffer): void {
    this.#logged.take(from, piece);
  }

  /** For a command whose output the platform gives. */
  stream(): LogStream {
    return this.#log.stream();
  }

  /** A line of our own. */
  note(words: string): void {
    this.#log.note(words);
  }

  /** The last lines. */
  quote(): string {
    return this.#log.quote();
  }

  /** All that it wrote has come. */
  end(): void {
    this.#frames?.end();
  }

  /** Gives how a function step said that it ended; its last line may have come to an earlier owner alone. */
  logged(lastLogged: string | null): RemoteEnd | undefined {
    this.#logged.finish(lastLogged);
    return this.#logged.end;
  }

  close(): void {
    this.end();
    this.#log.close();
  }
}
