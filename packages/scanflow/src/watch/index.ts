export { calibratedOptions } from "./calibrated-options.ts";
export { detectorTask } from "./detector-task.ts";
export { windowJudge } from "./window-judge.ts";
export { windowTask } from "./window-task.ts";
