import type * as Sdk from "@aws-sdk/client-s3";
import { ObjectError } from "./errors.ts";

/** A connection to S3, and the package that it came from: its commands are classes. */
export interface S3Connection {
  readonly sdk: typeof Sdk;
  readonly client: Sdk.S3Client;
}

/** Each download holds one for as long as its reader takes. */
const mostConnections = 500;

/**
 * Connects with the settings of the standard variables. The package is loaded now, since few need it. Another
 * S3 than Amazon's is asked by paths, needs a region by name only, and may not know the newer checksums.
 */
export async function connectS3(environment: NodeJS.ProcessEnv = process.env): Promise<S3Connection> {
  const sdk = await import("@aws-sdk/client-s3").catch((cause: unknown) => {
    const message =
      "S3 needs the package @aws-sdk/client-s3, which is not installed. Install it: npm install @aws-sdk/client-s3";
    throw new ObjectError("SCANFLOW_OBJECT_CLIENT", message, { cause });
  });
  const endpoint = environment.AWS_ENDPOINT_URL_S3 || environment.AWS_ENDPOINT_URL;
  const region = environment.AWS_REGION || environment.AWS_DEFAULT_REGION || (endpoint && "us-east-1");
  const client = new sdk.S3Client({
    ...(region && { region }),
    ...(endpoint && { endpoint, forcePathStyle: true }),
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    requestHandler: {
      connectionTimeout: 10_000,
      socketTimeout: 300_000,
      httpAgent: { keepAlive: true, maxSockets: mostConnections },
      httpsAgent: { keepAlive: true, maxSockets: mostConnections },
    },
  });
  return { sdk, client };
}
