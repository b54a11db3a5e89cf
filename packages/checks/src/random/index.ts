export { drawRows } from "./draw-rows.ts";
export { normal } from "./normal.ts";
export { createRandom, type Random } from "./random.ts";
