export { deploymentOf } from "./deployment.ts";
export {
  type Comparison,
  compareFolder,
  type FileChange,
  refuseForeign,
  writeFolder,
} from "./export-folder.ts";
export { manifestName as exportManifestName } from "./export-manifest.ts";
export { refuseLacks } from "./lacks.ts";
export { lineDiff } from "./line-diff.ts";
export { type DeployOptions, deployOptions } from "./options.ts";
export type { Deployment, ExportedFile, Target } from "./target.ts";
export { targetNamed } from "./targets.ts";
