import { SIDE } from "./image-table.ts";

/** What goes wrong with images on their way: none of it is what the detectors are compared on. */
export const FAULTS: Readonly<Record<string, (ink: readonly number[], chance: () => number) => number[]>> = {
  turned: (ink) => ink.map((_, at) => ink[(SIDE - 1 - (at % SIDE)) * SIDE + Math.floor(at / SIDE)] ?? 0),
  torn: (ink) => ink.map((own, at) => (at < ink.length / 2 ? own : 0)),
  speckled: (ink, chance) => ink.map((own) => (chance() < 0.15 ? 1 - own : own)),
};

/** Numbers from 0 to 1 (Park and Miller, 1988). */
export function chanceOf(seed: number): () => number {
  let state = (seed % 2_147_483_646) + 1;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
