import { ObjectError, type ObjectErrorCode } from "./errors.ts";

interface Fault {
  readonly code: ObjectErrorCode;
  readonly next: string;
}

const credentials: Fault = {
  code: "SCANFLOW_OBJECT_CREDENTIALS",
  next: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN if they are temporary), or AWS_PROFILE.",
};
const denied: Fault = {
  code: "SCANFLOW_OBJECT_DENIED",
  next: "Allow these credentials to get, put, list and delete objects of the bucket.",
};
const region: Fault = {
  code: "SCANFLOW_OBJECT_REGION",
  next: "Set AWS_REGION to the region of the bucket.",
};
const bucket: Fault = {
  code: "SCANFLOW_OBJECT_BUCKET",
  next: "Create the bucket, or correct its name.",
};
const unreachable: Fault = {
  code: "SCANFLOW_OBJECT_UNREACHABLE",
  next: "Check AWS_ENDPOINT_URL_S3 and the network, then run again.",
};
const failed: Fault = {
  code: "SCANFLOW_OBJECT_FAILED",
  next: "Look the code up in S3's documentation.",
};

/** By the names that S3, its client and Node give to what went wrong. */
const faults: Readonly<Record<string, Fault>> = {
  CredentialsProviderError: credentials,
  InvalidAccessKeyId: credentials,
  SignatureDoesNotMatch: credentials,
  ExpiredToken: credentials,
  InvalidToken: credentials,
  AccessDenied: denied,
  AllAccessDisabled: denied,
  AccountProblem: denied,
  PermanentRedirect: region,
  AuthorizationHeaderMalformed: region,
  NoSuchBucket: bucket,
  InvalidBucketName: bucket,
  TimeoutError: unreachable,
  SlowDown: unreachable,
  ...Object.fromEntries(
    ["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EPIPE", "EHOSTUNREACH"].map(
      (name) => [name, unreachable],
    ),
  ),
};

interface Trouble {
  readonly name?: string;
  readonly code?: string;
  readonly message?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
}

/** The status that S3 answered with, if it did. */
export function statusOf(error: unknown): number | undefined {
  return (error as Trouble | undefined)?.$metadata?.httpStatusCode;
}

/** Turns what S3 or its client said into a coded error without secrets; others are returned as they are. */
export function codedS3Error(error: unknown, action: string, url: string): unknown {
  if (!(error instanceof Error)) return error;
  if (/^(SCANFLOW|ERR_)_?/.test(String((error as Trouble).code ?? ""))) return error;
  const fault = faultOf(error);
  if (fault === undefined) return error;
  const said = mask(`${(error as Trouble).code ?? error.name}: ${error.message}`);
  return new ObjectError(fault.code, `Could not ${action} in ${url} (${said}). ${fault.next}`);
}

function faultOf(error: Error & Trouble): Fault | undefined {
  const known = faults[error.name] ?? faults[error.code ?? ""];
  if (known) return known;
  if (/^Region is missing/.test(error.message)) return region;
  const status = statusOf(error);
  if (status === undefined) return undefined;
  if (status === 403 || status === 401) return denied;
  if (status === 301) return region;
  return status >= 500 ? unreachable : failed;
}

/** S3 repeats keys, signatures and tokens in what it says. */
function mask(text: string): string {
  const secrets = [
    process.env.AWS_SECRET_ACCESS_KEY,
    process.env.AWS_SESSION_TOKEN,
    process.env.AWS_ACCESS_KEY_ID,
  ].filter((secret): secret is string => (secret?.length ?? 0) >= 8);
  return secrets
    .reduce((masked, secret) => masked.replaceAll(secret, "***"), text)
    .replace(/\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b/g, "***")
    .replace(/((?:Signature|Credential|Security-Token)=)[^&\s,]+/gi, "$1***")
    .slice(0, 500);
}
