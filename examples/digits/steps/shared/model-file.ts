import { readFile, writeFile } from "node:fs/promises";
import { countParameters, type Network } from "./network.ts";

/** A trained network by its name, such as `mlp`, with the settings that made it. */
export interface Model {
  readonly name: string;
  readonly network: Network;
  readonly training: Readonly<Record<string, number>>;
}

export async function writeModel(path: string, { name, network, training }: Model): Promise<void> {
  const { sizes, parameters } = network;
  await writeFile(path, JSON.stringify({ name, sizes, training, parameters: Array.from(parameters) }));
}

export async function readModel(path: string): Promise<Model> {
  const { name, sizes, training, parameters } = await readJson<{
    name: string;
    sizes: number[];
    training: Record<string, number>;
    parameters: number[];
  }>(path);
  if (!Array.isArray(parameters) || !Array.isArray(sizes) || parameters.length !== countParameters(sizes)) {
    throw new Error(`${path} is not a whole model: train it again.`);
  }
  return { name, training, network: { sizes, parameters: Float64Array.from(parameters) } };
}

/** Reads a JSON file that an earlier step of this workflow wrote. */
export async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, "utf8"));
}

export async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
