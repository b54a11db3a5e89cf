import { existsSync } from "node:fs";
import { Docker } from "../../docker/index.ts";
import { applicationState, type StateFolder, takeLock } from "../../engine/index.ts";
import { readOwnerFile } from "../../server/index.ts";
import { takeDown } from "../../up/index.ts";
import { codedError } from "../coded-error.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { applicationRoot } from "../session.ts";
import { counted } from "../text/counted.ts";

/** Ends what `up --on docker` started, and removes what is left of this application in the daemon. */
export const command: CommandFunction = async (call) => {
  const { output } = call;
  const folder = applicationState(applicationRoot(call));
  const docker = await Docker.open();
  try {
    const { containers, networks, volumes } = await takeDown(docker, folder.path, () => own(folder));
    if (output.json) output.document({ containers, networks, volumes });
    else if (containers.length + networks.length + volumes.length === 0) output.line("Nothing was up.");
    else {
      const parts = [
        counted(containers.length, "container"),
        counted(networks.length, "network"),
        counted(volumes.length, "volume"),
      ];
      output.line(`Removed ${parts.join(", ")}. Runs and their artifacts are kept in ${folder.path}.`);
    }
    return EXIT.done;
  } finally {
    docker.close();
  }
};

/** Whoever owns the folder runs its tasks in what would be removed. */
function own({ path, lock, server }: StateFolder): () => void {
  if (!existsSync(path)) return () => undefined;
  const held = takeLock(lock);
  if (held) return () => held.release();
  const pid = readOwnerFile(server)?.pid;
  throw codedError(
    "SCANFLOW_OWNER_ACTIVE",
    `${pid === undefined ? "A process" : `Process ${pid}`} owns ${path} and runs tasks in containers, which are left alone. End it ("kill ${pid ?? "PID"}"), or wait until it has ended, then try again.`,
  );
}
