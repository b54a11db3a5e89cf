import type { OnnxAttribute } from "./model.ts";

/** The attributes of nodes, short to write. */
export const float = (value: number): OnnxAttribute => ({ kind: "float", value });
export const int = (value: number): OnnxAttribute => ({ kind: "int", value });
export const ints = (...value: number[]): OnnxAttribute => ({ kind: "ints", value });
export const string = (value: string): OnnxAttribute => ({ kind: "string", value });
