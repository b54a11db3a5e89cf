/** Every code of moving runs into and out of a tracker, and when it is thrown. */
export const transferErrorCodes = {
  SCANFLOW_TRANSFER_SOURCE: "What was to be imported is no database of MLflow, or one of another version.",
  SCANFLOW_TRANSFER_SERVER:
    "A tracking server to import from does not answer, answers nonsense, or breaks off in the middle.",
  SCANFLOW_TRANSFER_DENIED: "A tracking server to import from wants a user who may read everything.",
  SCANFLOW_TRANSFER_VALUE: "A row of what is imported holds a value that a tracker cannot take.",
  SCANFLOW_TRANSFER_NAME_TAKEN:
    "An experiment or a model that is imported has the name of another one that is here.",
  SCANFLOW_TRANSFER_ARTIFACTS:
    "Artifacts of what is imported are not where they may be read, or lead out of their folder.",
} as const;

export type TransferErrorCode = keyof typeof transferErrorCodes;

/** An error of an import: recognise it by `code`. */
export class TransferError extends Error {
  readonly code: TransferErrorCode;

  constructor(code: TransferErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "TransferError";
    this.code = code;
  }
}
