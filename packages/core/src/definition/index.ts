export { type ApplicationOptions, application } from "./builders/application.ts";
export { callOf } from "./builders/call.ts";
export { type CheckerOptions, checker } from "./builders/checker.ts";
export { type BranchOptions, choice, type FirstOf, firstOf } from "./builders/choice.ts";
export { executor } from "./builders/executor.ts";
export { expression, item } from "./builders/expression.ts";
export type { NodeHandle, TrackerHandle, WorkflowHandle } from "./builders/handle.ts";
export { type ApprovalOptions, approval, type LabelingOptions, labeling } from "./builders/human.ts";
export { type NestedOptions, nested } from "./builders/nested.ts";
export type { MapOptions, OutputOptions, RunnableOptions, SharedOptions } from "./builders/options.ts";
export {
  boolean,
  integer,
  list,
  number,
  object,
  type ParamSpec,
  type ParamSpecs,
  string,
} from "./builders/param.ts";
export type { ExpressionValue, OutputReference } from "./builders/reference.ts";
export { type ServiceOptions, service } from "./builders/service.ts";
export { type TrackerOptions, tracker } from "./builders/tracker.ts";
export {
  command,
  data,
  dockerfile,
  file,
  first,
  type InputValue,
  image,
  node,
  notebook,
  project,
  python,
  step,
} from "./builders/value.ts";
export {
  type WorkflowBody,
  type WorkflowOptions,
  type WorkflowSchedule,
  type WorkflowScope,
  workflow,
} from "./builders/workflow.ts";
export { type DataName, formatDataName, isDatasetName, parseDataName } from "./data-name.ts";
export type { ApplicationDocument, NodeDocument, WorkflowDocument } from "./document/document.ts";
export { documentSchema } from "./document/json-schema.ts";
export { checkForm } from "./issues.ts";
export { DEFINITION_DEFAULTS } from "./normalise/defaults.ts";
export { paramProblem } from "./param-problem.ts";
export {
  definitionError,
  type ParsedApplication,
  type ParseOptions,
  parseApplication,
  requireApplication,
} from "./parse-application.ts";
export {
  formatPath,
  formatProblem,
  type Locate,
  type Path,
  type Problem,
  type ProblemCode,
  type Report,
} from "./problem.ts";
export { ProblemList } from "./problem-list.ts";
export type { Project, ProjectEntry, ProjectParam, ProjectReader } from "./project.ts";
