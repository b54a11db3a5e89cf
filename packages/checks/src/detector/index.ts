export { detectorChecker } from "./check/detector-checker.ts";
export {
  type ComparedKind,
  type CompareOptions,
  compareDetectors,
  type DetectorComparison,
  type DetectorReport,
} from "./compare/compare-detectors.ts";
export type { Detector, DetectorKind, Scores } from "./detector.ts";
export { type FitOptions, fitDetector } from "./fit-detector.ts";
export type { Architecture, AutoencoderLayers } from "./kind/architecture.ts";
export type { AutoencoderOptions } from "./kind/fit-autoencoder.ts";
export type { NoiseLevels } from "./kind/normal-noise.ts";
export { loadDetector } from "./load-detector.ts";
export {
  SCANFLOW_2021_PUBLISHED,
  type Scanflow2021,
  type Scanflow2021Options,
  scanflow2021,
} from "./preset/scanflow-2021.ts";
