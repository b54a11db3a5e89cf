import { Docker } from "../../docker/index.ts";
import { applicationState } from "../../engine/index.ts";
import { takeDown } from "../../up/index.ts";
import type { CommandFunction } from "../command.ts";
import { EXIT } from "../exit-code.ts";
import { applicationRoot } from "../session.ts";
import { counted } from "../text/counted.ts";

/** Ends what `up --on docker` started, and removes what is left of this application in the daemon. */
export const command: CommandFunction = async (call) => {
  const { output } = call;
  const { path } = applicationState(applicationRoot(call));
  const docker = await Docker.open();
  try {
    const { containers, networks, volumes } = await takeDown(docker, path);
    if (output.json) output.document({ containers, networks, volumes });
    else if (containers.length + networks.length + volumes.length === 0) output.line("Nothing was up.");
    else {
      const parts = [
        counted(containers.length, "container"),
        counted(networks.length, "network"),
        counted(volumes.length, "volume"),
      ];
      output.line(`Removed ${parts.join(", ")}. Runs and their artifacts are kept in ${path}.`);
    }
    return EXIT.done;
  } finally {
    docker.close();
  }
};
