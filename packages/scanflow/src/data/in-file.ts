import { errorCode, ScanflowError } from "@scanflow/core";

/**
 * What is read of a file, with the file's name before what is wrong with it: who reads a document's text does not know
 * where it came from.
 */
export async function inFile<Value>(path: string, read: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    const code = errorCode(cause);
    if (code === undefined || !(cause instanceof Error) || cause.message.includes(path)) throw cause;
    throw new ScanflowError(code, `"${path}": ${cause.message}`, { cause });
  }
}
