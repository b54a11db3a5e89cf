export { type AdwinOptions, adwin } from "./adwin.ts";
export { restoreDetector, streamDetector, streamDetectorNames } from "./built-in-detectors.ts";
export { type Calibration, type CalibrationOptions, calibrateThreshold } from "./calibrate-threshold.ts";
export { coolDown } from "./cool-down.ts";
export { type CountWindowOptions, countWindows } from "./count-windows.ts";
export { type CusumOptions, cusum } from "./cusum.ts";
export { type DdmOptions, ddm } from "./ddm.ts";
export { type EddmOptions, eddm } from "./eddm.ts";
export { type HddmAOptions, hddmA } from "./hddm-a.ts";
export { type HddmWOptions, hddmW } from "./hddm-w.ts";
export { type KswinOptions, kswin } from "./kswin.ts";
export { type PageHinkleyOptions, pageHinkley } from "./page-hinkley.ts";
export { restoreWindows } from "./restore-windows.ts";
export { streamDetectorChecker } from "./stream-checker.ts";
export type {
  DetectorState,
  StreamDetector,
  StreamDetectorName,
  StreamStatus,
} from "./stream-detector.ts";
export { type TimeWindowOptions, timeWindows } from "./time-windows.ts";
export type { Tunable } from "./tunable.ts";
export type { ClosedWindow, StreamWindows, WindowItem, WindowsState } from "./window.ts";
