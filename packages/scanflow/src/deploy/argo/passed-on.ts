import type { Manifest } from "./build.ts";

/** A parameter of the DAG, handed on as it is. */
export function passedOn(name: string): Manifest {
  return { name, value: `{{inputs.parameters.${name}}}` };
}
