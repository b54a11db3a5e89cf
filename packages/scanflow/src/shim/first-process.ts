import { existsSync } from "node:fs";
import { ownCommand } from "./own-command.ts";

/** Whether every process of this container belongs to what this program started. */
export function isAlone(): boolean {
  return process.pid === 1 || process.env.SCANFLOW_ALONE === "1";
}

/**
 * The first process of a container is the parent of every process that lost its own, and must take note of their ends;
 * Node does so for its own children only. So it makes way for a shell that does, which starts this program once more.
 * Without a shell it stays: what ends unnoticed then goes with the container.
 */
export function makeWay(): void {
  const shell = "/bin/sh";
  if (process.pid !== 1 || process.execve === undefined || !existsSync(shell)) return;
  const script =
    '"$@" & child=$!; trap \'kill -TERM "$child"\' TERM INT; wait "$child"; code=$?; while kill -0 "$child" 2>/dev/null; do wait "$child"; code=$?; done; exit "$code"';
  process.execve(shell, [shell, "-c", script, "scanflow-shim", ...ownCommand(), ...process.argv.slice(2)], {
    ...process.env,
    SCANFLOW_ALONE: "1",
  });
}
