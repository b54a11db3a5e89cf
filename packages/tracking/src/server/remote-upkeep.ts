import { type IncomingMessage, request as plain } from "node:http";
import { request as secure } from "node:https";
import { text } from "node:stream/consumers";
import type { PurgeTarget } from "../purge/purge-target.ts";
import { TrackingServerError } from "./errors.ts";
import { codedAnswer, parseAnswer, shownUrl } from "./remote-answer.ts";
import type { TrackerUpkeep } from "./with-upkeep.ts";

/** A running tracking server that removes things when it is asked. */
export interface RemoteTracker {
  /** Such as `http://127.0.0.1:5000`. */
  readonly url: string;
  /** Of an admin, where the tracker has users. */
  readonly token?: string | undefined;
}

/** Upkeep through the tracking server at a URL. Errors: those of the server by their code, SCANFLOW_SERVER_UNREACHABLE. */
export function remoteUpkeep({ url, token }: RemoteTracker): TrackerUpkeep {
  const place = shownUrl(url);
  const ask = async (path: string, body: object): Promise<never> => {
    const { status, answer } = await post({ url, token }, path, body);
    if (status === 200) return answer as never;
    throw codedAnswer(place, status, answer);
  };
  return {
    place,
    purge: (target, dryRun) => ask("purge", { ...fieldsOf(target), dry_run: dryRun }),
    collect: ({ graceMs, dryRun, force }) => ask("gc", { grace_ms: graceMs, dry_run: dryRun, force }),
  };
}

function fieldsOf(target: PurgeTarget): object {
  switch (target.kind) {
    case "runs":
      return { kind: "runs", run_ids: target.runIds };
    case "deleted":
      return { kind: "deleted", older_than_ms: target.olderThanMs };
    default:
      return target;
  }
}

interface Answered {
  readonly status: number;
  readonly answer: Readonly<Record<string, unknown>>;
}

/** Without a limit of time: a purge or a collection may take long before it is answered. */
async function post({ url, token }: RemoteTracker, path: string, body: object): Promise<Answered> {
  const answered = Promise.withResolvers<IncomingMessage>();
  try {
    const place = new URL(`${url.replace(/\/+$/, "")}/api/2.0/scanflow/${path}`);
    const headers = {
      "content-type": "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const asking = (place.protocol === "https:" ? secure : plain)(place, { method: "POST", headers });
    asking.on("response", answered.resolve).on("error", answered.reject).end(JSON.stringify(body));
    const response = await answered.promise;
    return { status: response.statusCode ?? 0, answer: parseAnswer(await text(response)) };
  } catch (cause) {
    throw new TrackingServerError(
      "SCANFLOW_SERVER_UNREACHABLE",
      `The tracker at ${shownUrl(url)} does not answer (${(cause as Error).message}). Look at the URL and whether it runs, then try again.`,
      { cause },
    );
  }
}
