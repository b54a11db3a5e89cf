export { shiftChecker } from "./shift-checker.ts";
export type { Measured, MeasuredColumn, MeasuredPart } from "./test/measured.ts";
export {
  type CalibrationOptions,
  type ColumnFinding,
  type PartFinding,
  prepareShiftTest,
  type ShiftFinding,
  type ShiftTest,
} from "./test/shift-test.ts";
