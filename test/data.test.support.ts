import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import { startS3rver } from "../packages/tracking/src/objects/s3rver.support.ts";
import { folderOf, type StartOptions, scanflow } from "./cli.test.support.ts";

/** What tests read of the JSON of `scanflow data`. */
export interface Version {
  readonly version: number;
  readonly digest: string;
  readonly note: string | null;
}

export interface Added {
  readonly dataset: string;
  readonly created: boolean;
  readonly version: Version;
}

export interface Listed {
  readonly name: string;
  readonly owner: string | null;
  readonly sensitivity: string;
  readonly versions: readonly Version[];
}

export interface Transferred {
  readonly moved: readonly { readonly dataset: string; readonly version: number; readonly objects: number }[];
}

/** An application that reads one file. */
const config = `application: lab
main: make
workflows:
  make:
    nodes:
      copy: { run: "cat {{inputs.raw}} > {{outputs.x}}", inputs: { raw: { file: raw.txt } }, outputs: [x] }
`;

export function lab(files: Readonly<Record<string, string>> = {}): Promise<string> {
  return folderOf({ "scanflow.yaml": config, "raw.txt": "raw", ...files });
}

/** Three files, two of them of one content, and their next version. */
export const photos = { "photos/a.txt": "a", "photos/deep/b.txt": "b", "photos/c.txt": "a" };

/** A remote in a folder. */
export async function folderRemote(): Promise<{ url: string; folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), "scanflow-remote-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { url: pathToFileURL(folder).href, folder };
}

/** `scanflow data …` with its JSON document. */
export async function data<T>(folder: string, args: readonly string[], options?: StartOptions): Promise<T> {
  const { code, stdout, stderr } = await scanflow(folder, ["data", ...args, "--json"], options);
  if (code !== 0) throw new Error(`scanflow data ${args.join(" ")} ended with ${code}\n${stderr}`);
  return JSON.parse(stdout);
}

/** Every version by its name, with its digest. */
export async function digestsIn(folder: string): Promise<Record<string, string>> {
  const listed = await data<Listed[]>(folder, ["ls"]);
  const named = listed.flatMap(({ name, versions }) =>
    versions.map(({ version, digest }) => [`${name}@${version}`, digest] as const),
  );
  return Object.fromEntries(named);
}

/** A remote in S3, and how many objects were written there. */
export async function s3Remote() {
  const server = await startS3rver();
  onTestFinished(() => server.close());
  const env = {
    AWS_ENDPOINT_URL_S3: server.endpoint,
    AWS_ACCESS_KEY_ID: "S3RVER",
    AWS_SECRET_ACCESS_KEY: "S3RVER",
    AWS_REGION: "us-east-1",
  };
  const sent = () => server.asked.filter(({ method }) => method === "PUT" || method === "POST").length;
  return { url: "s3://bucket/lab", env, sent };
}
