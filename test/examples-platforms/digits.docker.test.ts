import { sameEverywhere } from "./same-everywhere.ts";

sameEverywhere("digits");
