import { hash } from "node:crypto";
import { createReadStream, readFileSync } from "node:fs";
import { Readable } from "node:stream";
import { ScanflowError } from "@scanflow/core";
import { Counted, type TarFile, type TarPlace, writeTar } from "@scanflow/tracking/archive";
import { smallBytes } from "./describe-file.ts";
import type { BuiltImage, ImageFile } from "./image-recipe.ts";

/**
 * What is sent to a build, as a tar archive. @param last an instruction that is added to the Dockerfile. Errors of the
 * stream: SCANFLOW_IMAGE_CONTEXT.
 */
export function buildContext({ dockerfile, dockerfilePath, files }: BuiltImage, last = ""): Readable {
  const own = { kind: "text", path: dockerfilePath, text: `${dockerfile}${last}` } as const;
  return Readable.from(gathered(writeTar(members([own, ...files]))), { objectMode: false });
}

/** What gives an image labels, and changes nothing else of it. */
export function labelContext(image: string, labels: string): Readable {
  const dockerfile = { kind: "text", path: "Dockerfile", text: `FROM ${image}\n${labels}` } as const;
  return Readable.from(writeTar(members([dockerfile])), { objectMode: false });
}

function* members(files: readonly ImageFile[]): Generator<TarFile | TarPlace> {
  for (const file of files) {
    if (file.kind === "text") {
      const bytes = Buffer.from(file.text);
      yield { path: file.path, size: bytes.length, content: once(bytes) };
    } else if (file.kind === "file") {
      yield { path: file.path, size: file.size, executable: file.executable, content: unchanged(file) };
    } else yield file;
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The image is named by the digest of what was looked at, so nothing else may go into it. */
async function* unchanged(file: Extract<ImageFile, { kind: "file" }>): AsyncGenerator<Uint8Array> {
  if (file.size < smallBytes) {
    const content = readAgain(file.file);
    if (hash("sha256", content) !== file.sha256) throw changed(file.file);
    yield content;
    return;
  }
  const counted = new Counted();
  try {
    yield* counted.pass(createReadStream(file.file));
  } catch (cause) {
    throw changed(file.file, cause);
  }
  const { size, sha256 } = counted.content();
  if (size !== file.size || sha256 !== file.sha256) throw changed(file.file);
}

function readAgain(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    throw changed(file, cause);
  }
}

/** What is sent at once: the sending of a piece costs more than that of its bytes. */
const pieceBytes = 256 * 1024;

async function* gathered(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let piece: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    piece.push(chunk);
    bytes += chunk.length;
    if (bytes < pieceBytes) continue;
    yield Buffer.concat(piece);
    piece = [];
    bytes = 0;
  }
  yield Buffer.concat(piece);
}

function changed(file: string, cause?: unknown): ScanflowError {
  return new ScanflowError(
    "SCANFLOW_IMAGE_CONTEXT",
    `The file ${file} changed while an image was built from it. Build again when nothing writes to it.`,
    { cause },
  );
}
