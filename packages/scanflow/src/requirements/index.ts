export { notebookPackages } from "./notebook-packages.ts";
export { placeFiles } from "./place-files.ts";
export { readRequirements } from "./read-requirements.ts";
export { type RequirementLine, requirementLine } from "./requirement-line.ts";
export { requirementsText } from "./requirements-text.ts";
