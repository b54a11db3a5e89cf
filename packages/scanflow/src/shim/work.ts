import { carryOut, messageOf } from "./attempt/carry-out.ts";
import { Fenced, GatewayClient } from "./gateway-client.ts";
import { ownCommand } from "./own-command.ts";
import { type Claim, type ClaimAnswer, protocolVersion } from "./protocol.ts";
import { inheritedVariables, type Settings } from "./settings.ts";

/**
 * Claims attempts and carries them out: of a task, one after the other until there are no more; or the one whose token
 * it was given. Gives the exit code: 0 unless what it was there for failed.
 */
export async function work(settings: Settings, stop: AbortSignal): Promise<number> {
  const isOfAttempt = settings.task === null;
  const client = new GatewayClient(settings, { patience: settings.patienceMs, isOfAttempt });
  const inherited = inheritedVariables(process.env);
  const claim: Claim = {
    version: protocolVersion,
    task: settings.task,
    site: settings.site,
    shim: ownCommand(),
    gateway: settings.url.replace(/\/+$/, ""),
  };
  for (;;) {
    const answer = await client.post<ClaimAnswer>("/claim", claim, stop).catch((error: unknown) => {
      if (stop.aborted) return undefined;
      throw error;
    });
    if (answer === undefined) return stoppedExit;
    if (answer.kind === "wait") continue;
    if (answer.kind === "over") {
      tell(answer.message);
      return answer.exit;
    }
    const { order } = answer;
    const end = await carryOut({ client: client.as(order.token), order, inherited, stop });
    tell(end ? end.message : `attempt ${order.attempt} of ${order.task} is not wanted any more`);
    if (settings.task === null) return end?.kind === "succeeded" ? 0 : 1;
  }
}

/** With which a program ends that was asked to: 128 and the number of SIGTERM. */
const stoppedExit = 128 + 15;

export function tell(text: string): void {
  process.stderr.write(`scanflow shim: ${text}\n`);
}

/** The exit code of what went wrong in a way that the gateway cannot be told. */
export function troubleExit(error: unknown): number {
  tell(error instanceof Fenced ? `the gateway refuses the token: ${error.message}` : messageOf(error));
  return 70;
}
