import type { Admission } from "../runners/gateway.ts";
import type { AttemptSpec } from "../runners/runner.ts";
import type { Attendance } from "./attendance.ts";
import type { RemoteAttempt } from "./remote-attempt.ts";
import type { GatewayArtifacts } from "./send-content.ts";
import type { Issued } from "./tokens.ts";

/** What all attempts of a door share. */
export interface DoorRooms {
  readonly artifacts: GatewayArtifacts;
  /** The environment that secrets are read from. */
  readonly owner: NodeJS.ProcessEnv;
  readonly graceMs: number;
  readonly logLimit: number;
  /** How long a sign of life is kept waiting for its answer; three times without one, and the attempt is lost. */
  readonly beatMs: number;
  /** Most bytes of one output. */
  readonly outputLimit: number;
  /** Shortest time between two times that the checkpoint of a running command is handed in. */
  readonly checkpointMs: number;
  readonly url: string;
  /** Makes its token known, or that of an earlier owner. */
  ticket(attempt: RemoteAttempt, bearer: string | undefined): Issued;
  /** Makes the token known of who attends it. */
  attend(attendance: Attendance, bearer: string): Issued;
  /** Lets its command speak to its tracker run. */
  admission(spec: AttemptSpec, bearer: string): Admission;
}
