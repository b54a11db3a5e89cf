/** Every code of the object stores, and when it is thrown. Trouble with a disk has the artifact store's codes. */
export const objectErrorCodes = {
  SCANFLOW_OBJECT_URL: "The address of an object store is not one: file:///FOLDER or s3://BUCKET/PREFIX.",
  SCANFLOW_OBJECT_KEY: "A key is empty, too long, leaves its store, or crosses another object.",
  SCANFLOW_OBJECT_RANGE: "The byte range lies outside the object.",
  SCANFLOW_OBJECT_SIZE: "The content is not as long as was said, or longer than the store can hold.",
  SCANFLOW_OBJECT_CLIENT: "The package that speaks to S3 is not installed.",
  SCANFLOW_OBJECT_CREDENTIALS: "There are no credentials for S3, or they are not accepted.",
  SCANFLOW_OBJECT_REGION: "S3's region is not set, or the bucket lies in another one.",
  SCANFLOW_OBJECT_BUCKET: "The bucket does not exist.",
  SCANFLOW_OBJECT_DENIED: "The credentials do not allow what was asked of S3.",
  SCANFLOW_OBJECT_UNREACHABLE: "S3 cannot be reached, or answered with a fault more often than is retried.",
  SCANFLOW_OBJECT_FAILED: "S3 refused a request for another reason.",
} as const;

export type ObjectErrorCode = keyof typeof objectErrorCodes;

/** The error of an object store: recognise it by `code` (packages share no classes). */
export class ObjectError extends Error {
  readonly code: ObjectErrorCode;

  constructor(code: ObjectErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "ObjectError";
    this.code = code;
  }
}
