import { containedRoot } from "../../locations/root.ts";
import { TransferError } from "../errors.ts";
import type { FileRecord } from "../records.ts";
import { answers } from "./answers.ts";
import type { ServerClient } from "./server-client.ts";

const proxy = "mlflow-artifacts/artifacts";

/**
 * The files below an `mlflow-artifacts:` URI, through the server that was named, whatever server the URI names.
 * Errors: SCANFLOW_TRANSFER_ARTIFACTS for a path that leads out, or a file that is not as long as the server says.
 */
export async function* proxiedFiles(client: ServerClient, uri: string): AsyncGenerator<FileRecord> {
  const root = containedRoot(uri);
  if (root === undefined) return;
  const folders = [""];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const path = folder === "" ? root : `${root}/${folder}`;
    // A run that logged no file may have no folder.
    const found = await client.askIfThere({ path: proxy, query: { path }, schema: answers.files });
    for (const { path: name, is_dir, file_size } of found?.files ?? []) {
      if (name === "." || name === ".." || /[/\\]/.test(name)) {
        throw broken(`${path}/${name}`, "the server names a path that leads out of its folder");
      }
      const inside = folder === "" ? name : `${folder}/${name}`;
      if (is_dir) folders.push(inside);
      else yield { path: inside, open: () => whole(client, `${root}/${inside}`, file_size) };
    }
  }
}

/** A connection that was cut may look like the end of a file. */
async function* whole(client: ServerClient, path: string, size?: number): AsyncGenerator<Uint8Array> {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  let received = 0;
  for await (const chunk of client.bytes(`${proxy}/${encoded}`)) {
    received += chunk.length;
    yield chunk;
  }
  if (size === undefined || received === size) return;
  throw broken(path, `the server sent ${received} of ${size} bytes`);
}

function broken(path: string, why: string): TransferError {
  return new TransferError(
    "SCANFLOW_TRANSFER_ARTIFACTS",
    `The file ${path} cannot be taken over: ${why}. Its run was left out; set that right on the server, and import again.`,
  );
}
