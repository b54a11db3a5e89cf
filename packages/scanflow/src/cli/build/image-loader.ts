import { errorCode, ScanflowError } from "@scanflow/core";
import { Docker } from "../../docker/index.ts";
import { loadSaved } from "../../images/index.ts";
import type { ImageLoader } from "../../upkeep/index.ts";

/** Loads the images of an archive into the Docker daemon, which is asked only where there are any. */
export function imageLoader(): ImageLoader & { close(): void } {
  let docker: Docker | null = null;
  return {
    begin: async () => {
      docker = await Docker.open().catch(withoutImages);
    },
    load: async (archive, list) => (docker === null ? [] : loadSaved(docker, list, { file: archive })),
    close: () => docker?.close(),
  };
}

function withoutImages(error: unknown): never {
  const code = errorCode(error);
  if (code === undefined || !(error instanceof Error)) throw error;
  throw new ScanflowError(
    code,
    `The archive holds images, which cannot be loaded. ${error.message} Or unpack it without them: --no-images.`,
    { cause: error },
  );
}
