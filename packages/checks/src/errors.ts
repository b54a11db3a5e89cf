/** Every error code of `@scanflow/checks`, with when it is thrown. A test compares this table with the docs. */
export const CHECKS_ERRORS = {
  SCANFLOW_SAMPLE_INVALID:
    "A statistical test was given an empty sample, one that holds NaN, or two that cannot be compared.",
  SCANFLOW_P_VALUE_INVALID: "A correction was given something that is no probability.",
  SCANFLOW_COLUMN_INVALID:
    "A column is of another length, kind or shape than its table needs, or holds a value of no known kind.",
  SCANFLOW_CHECK_OPTION_INVALID: "An option of a check or a profile is outside its range.",
  SCANFLOW_PROFILE_INVALID: "A profile is corrupted: not JSON, of another shape, or contradicting itself.",
  SCANFLOW_PROFILE_VERSION: "A profile was written in a format that this version does not read.",
  SCANFLOW_ONNX_INVALID: "Bytes are no ONNX model, are cut off, or hold a part that is not read.",
  SCANFLOW_NETWORK_INVALID: "A network has a layer that does not fit the ones before it, or no layer at all.",
  SCANFLOW_TRAINING_DIVERGED: "The loss of a training is no longer a number.",
  SCANFLOW_DETECTOR_REFERENCE: "A detector was to be fitted to fewer rows than it can learn from.",
  SCANFLOW_DETECTOR_INVALID: "A file is no detector, was changed, or was written by another version.",
  SCANFLOW_PREDICTOR_INVALID:
    "A predictor threw, or answered something else than one row of finite numbers for each row it was asked.",
  SCANFLOW_EXPLAIN_INPUT_INVALID: "Rows to explain, or what belongs to them, do not fit the model.",
  SCANFLOW_TREES_INVALID: "A model of trees is corrupted, cut off, or of a kind that is not read.",
  SCANFLOW_PROFILES_UNLIKE:
    "Profiles that are to be merged are of other columns, bins or settings, or of the same rows.",
  SCANFLOW_STREAM_VALUE_INVALID:
    "A stream detector or a window was given a value or a time that it cannot take.",
  SCANFLOW_DETECTOR_STATE_INVALID: "What a stream detector or a window was saved as is corrupted.",
  SCANFLOW_ANSWERS_INVALID:
    "What a model said, or should have said, is missing, of a wrong kind, or does not fit its roles.",
  SCANFLOW_SCHEMA_INVALID:
    "A schema of data is corrupted or asks for something impossible, or none can be inferred from the data.",
  SCANFLOW_MODEL_TESTS_INVALID: "A file of model tests has a field that is wrong or missing.",
  SCANFLOW_VERDICT_INVALID: "A checker's answer is not a verdict.",
} as const;

/** A code of this package. */
export type ChecksErrorCode = keyof typeof CHECKS_ERRORS;

/**
 * The error of this package. Recognise it by `code` (`SCANFLOW_…`), which stays the same across versions and
 * packages; the message names the place and the value and ends with the next action.
 */
export class ChecksError extends Error {
  readonly code: ChecksErrorCode;

  constructor(code: ChecksErrorCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = "ChecksError";
    this.code = code;
  }
}
