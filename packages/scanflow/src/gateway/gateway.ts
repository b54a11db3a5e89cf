import type { DoorOptions, Gateway, WorkerDoor } from "../runners/gateway.ts";
import { type DoorSettings, openDoor } from "./door.ts";
import type { GatewayArtifacts } from "./send-content.ts";

export interface GatewayOptions {
  readonly artifacts: GatewayArtifacts;
  /** The environment that secrets are read from. */
  readonly environment?: NodeJS.ProcessEnv;
  /** How long a command may take to end after it was asked to. */
  readonly graceMs?: number;
  /** Most bytes of log kept of an attempt; past it only the newest output is. */
  readonly logLimit?: number;
  /** How often a shim gives a sign of life; three times without one, and its attempt is lost. */
  readonly beatMs?: number;
  /** Most bytes of one output, or of a checkpoint. */
  readonly outputLimit?: number;
  /** Shortest time between two times that the checkpoint of a running command is handed in. */
  readonly checkpointMs?: number;
}

/** A gateway whose doors workers may claim at. */
export interface OwnerGateway extends Gateway {
  open(options: DoorOptions): Promise<WorkerDoor>;
}

/** The way from containers to this owner. See `docs/decisions/gateway.md` for what it lets through, and why. */
export function ownerGateway({
  artifacts,
  environment: owner = process.env,
  graceMs = 5000,
  logLimit = 64 * 1024 * 1024,
  beatMs = 5000,
  outputLimit = 1024 ** 4,
  checkpointMs = 10_000,
}: GatewayOptions): OwnerGateway {
  const settings: DoorSettings = { artifacts, owner, graceMs, logLimit, beatMs, outputLimit, checkpointMs };
  const doors = new Set<WorkerDoor>();
  return {
    async open(options) {
      const door = await openDoor(options, settings);
      doors.add(door);
      return {
        ...door,
        close: async () => {
          doors.delete(door);
          await door.close();
        },
      };
    },
    async close() {
      await Promise.all(Array.from(doors, (door) => door.close()));
      doors.clear();
    },
  };
}
