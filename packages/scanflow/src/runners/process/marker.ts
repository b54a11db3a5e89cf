import { readProc } from "./proc.ts";

/** The environment variable by which processes of an attempt are known, wherever they went. */
export const markerVariable = "SCANFLOW_TOKEN";

/**
 * The marker for an attempt of this owner. An owner that is itself part of an attempt (a task that runs Scanflow)
 * hands its own marker down, so that its end ends what it started.
 */
export function markerOf(token: string, inherited: string | undefined): string {
  return inherited ? `${inherited},${token}` : token;
}

/** Whether a process carries one of these tokens in the environment that it was started with. */
export function hasMarker(pid: number, tokens: ReadonlySet<string>): boolean {
  return tokensOf(pid).some((token) => tokens.has(token));
}

/** The tokens that a process carries: of the attempt that started it, and of those around that. */
export function tokensOf(pid: number): string[] {
  const environment = readProc(`/proc/${pid}/environ`);
  if (!environment?.includes(markerVariable)) return [];
  return environment
    .split("\0")
    .filter((entry) => entry.startsWith(`${markerVariable}=`))
    .flatMap((entry) => entry.slice(markerVariable.length + 1).split(","))
    .map((token) => Buffer.from(token, "latin1").toString());
}
