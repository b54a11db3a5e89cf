import { readSecrets } from "../runners/contract/owner-environment.ts";
import type { Site } from "../runners/contract/places.ts";
import { remoteCommand } from "../runners/contract/remote-command.ts";
import type { Admission, Offer, RemoteCommand } from "../runners/gateway.ts";
import { hiddenTexts } from "../runners/log/mask.ts";
import type { Claim } from "../shim/protocol.ts";
import type { Attendance } from "./attendance.ts";
import type { DoorRooms } from "./door-rooms.ts";
import type { RemoteAttempt } from "./remote-attempt.ts";
import { sessionToken } from "./sessions.ts";
import { derived, type Issued } from "./tokens.ts";

/** What an attempt that is carried out elsewhere may be told and may show: secrets, and tokens until they are revoked. */
export class RemotePasses {
  readonly #offer: Offer;
  readonly #secrets: Readonly<Record<string, string>>;
  readonly #ticket: Issued;
  readonly #admission: Admission;
  readonly #attendant: Issued | undefined;

  /** Throws what `readSecrets` throws. */
  constructor(attempt: RemoteAttempt, rooms: DoorRooms, attendance: Attendance | undefined) {
    const { spec, bearer } = attempt.offer;
    this.#offer = attempt.offer;
    this.#secrets = readSecrets(rooms.owner, spec.secrets, spec.task);
    this.#ticket = rooms.ticket(attempt, bearer);
    this.#admission = rooms.admission(spec, derived(this.#ticket.token, "tracker"));
    this.#attendant = attendance && rooms.attend(attendance, derived(this.#ticket.token, "attend"));
  }

  /** By which the attempt is claimed. */
  get ticket(): string {
    return this.#ticket.token;
  }

  get attendToken(): string | undefined {
    return this.#attendant?.token;
  }

  /** What the log does not show. */
  get hidden(): readonly string[] {
    const tokens = [this.#admission.token, this.#ticket.token, this.#attendant?.token];
    return hiddenTexts([...Object.values(this.#secrets), ...tokens.filter((token) => token !== undefined)]);
  }

  session(number: number): string {
    return sessionToken(this.#ticket.token, this.#offer.to === "worker" ? "w" : "t", number);
  }

  /** Throws what `remoteCommand` throws: what cannot be told to a container. */
  commandAt(site: Site, { shim, gateway }: Partial<Claim> = {}): RemoteCommand {
    const { variables } = this.#admission;
    const found = variables.MLFLOW_TRACKING_URI && gateway && { MLFLOW_TRACKING_URI: gateway };
    const tracking = { ...variables, ...(found || {}) };
    return remoteCommand(this.#offer.spec, { secrets: this.#secrets, tracking, site, ...(shim && { shim }) });
  }

  /** All but the attendant's, who may still have a checkpoint to hand in. */
  revoke(): void {
    this.#ticket.revoke();
    this.#admission.revoke();
  }

  revokeAttendant(): void {
    this.#attendant?.revoke();
  }
}
