import {
  Counted,
  type CountedContent,
  checkFormat,
  damaged,
  noArchive,
  readGzip,
  readTar,
  type TarFile,
  unsafe,
  wholeText,
} from "../../archive/index.ts";
import { encodeManifest, type FileEntry } from "../../artifacts/index.ts";
import { containedPath } from "../../locations/path.ts";
import {
  archiveFormat,
  blobPath,
  contentsPath,
  largestList,
  largestRecord,
  loggedModelPath,
  manifestPath,
  partOf,
  runPath,
} from "./archive-layout.ts";
import {
  type ArchiveContents,
  type ArchivedFile,
  type ArchivedFolder,
  readRecord,
  records,
} from "./archive-records.ts";

/** An archive that was read to its end and is sound. */
export interface VerifiedArchive {
  readonly contents: ArchiveContents;
  /** The place of each entry in the order of the archive. */
  readonly places: ReadonlyMap<string, number>;
}

/** Sizes, by the path of a content in the archive. */
type Wanted = Map<string, number>;

/** What was read, by the path of the entry. */
type Passed = ReadonlyMap<string, CountedContent>;

/**
 * Reads an archive of experiments once and checks all of it, before anything of it is used: that it holds what its
 * first and last entry name and nothing else, that every content has its digest, and that every record can be read.
 * Errors: SCANFLOW_PACK_FORMAT, _DAMAGED, _UNSAFE.
 */
export async function verifyArchive(file: string): Promise<VerifiedArchive> {
  const passed = new Map<string, CountedContent>();
  const wanted: Wanted = new Map();
  let contents: ArchiveContents | undefined;
  let ended = false;
  for await (const entry of readTar(readGzip(file))) {
    const { path } = entry;
    if (!contents) {
      contents = await readContents(entry, passed);
      continue;
    }
    if (ended) throw damaged(`${JSON.stringify(path)} follows its list`);
    if (passed.has(path)) throw unsafe(`names ${JSON.stringify(path)} twice`);
    if (path === manifestPath) {
      checkManifest(await wholeText(path, entry.content, largestList), passed);
      ended = true;
    } else passed.set(path, await checkEntry(entry, wanted));
  }
  if (!contents) throw noArchive("it is empty");
  if (!ended) throw damaged("its list is missing");
  checkComplete(contents, passed, wanted);
  return { contents, places: new Map([...passed.keys()].map((path, at) => [path, at])) };
}

async function readContents(
  { path, content }: TarFile,
  passed: Map<string, CountedContent>,
): Promise<ArchiveContents> {
  if (path !== contentsPath) throw noArchive("it does not begin with what experiments it holds");
  const counted = new Counted();
  const text = await wholeText(path, counted.pass(content), largestList);
  passed.set(path, counted.content());
  const found = /"format":(\d{1,9})\b/.exec(text.slice(0, 200));
  if (found) checkFormat(Number(found[1]), archiveFormat);
  return readRecord(records.contents, path, text);
}

/** Checks one entry by itself, and adds the contents that it refers to. */
async function checkEntry({ path, content }: TarFile, wanted: Wanted): Promise<CountedContent> {
  const part = partOf(path);
  const counted = new Counted();
  const passing = counted.pass(content);
  if (part.kind === "file") {
    for await (const _ of passing) {
      // Only its digest is wanted.
    }
    const seen = counted.content();
    if (seen.sha256 !== part.sha256) throw damaged(`${JSON.stringify(path)} has another digest than it says`);
    return seen;
  }
  const text = await wholeText(path, passing, largestRecord);
  if (part.kind === "run") {
    const run = readRecord(records.run, path, text);
    checkOwner(run.runId === part.id, path, { files: run.files, wanted });
  } else if (part.kind === "logged-model") {
    const model = readRecord(records.loggedModel, path, text);
    checkOwner(model.modelId === part.id, path, { files: model.files, wanted });
  } else throw unsafe(`names ${JSON.stringify(path)} twice`);
  return counted.content();
}

function checkOwner(
  isOwn: boolean,
  path: string,
  { files, wanted }: { files: readonly ArchivedFile[]; wanted: Wanted },
): void {
  if (!isOwn) throw damaged(`${JSON.stringify(path)} holds what has another id`);
  for (const file of files) {
    checkInside(file.path, path);
    for (const { digest, size } of "entries" in file ? filesIn(file, path) : [file]) {
      const blob = blobPath(digest);
      if ((wanted.get(blob) ?? size) !== size) throw damaged(`it names two sizes of ${JSON.stringify(blob)}`);
      wanted.set(blob, size);
    }
  }
}

function filesIn({ entries, digest, path: inside }: ArchivedFolder, path: string): FileEntry[] {
  let made: string;
  try {
    made = encodeManifest(entries).artifact.digest;
  } catch {
    throw unsafe(
      `names in ${JSON.stringify(path)} the folder ${JSON.stringify(inside)}, which leads out of itself`,
    );
  }
  if (made !== digest)
    throw damaged(`the folder ${JSON.stringify(inside)} in ${JSON.stringify(path)} has another digest`);
  return entries.filter((entry) => entry.kind === "file");
}

function checkInside(inside: string, path: string): void {
  try {
    if (containedPath(inside) === inside && inside !== "") return;
  } catch {
    // Said below.
  }
  throw unsafe(`names in ${JSON.stringify(path)} the path ${JSON.stringify(inside)}, which leaves its place`);
}

function checkManifest(text: string, passed: Passed): void {
  const { files } = readRecord(records.manifest, manifestPath, text);
  const same =
    files.length === passed.size &&
    files.every(({ path, size, sha256 }) => {
      const seen = passed.get(path);
      return seen?.size === size && seen.sha256 === sha256;
    });
  if (!same) throw damaged("it holds something else than its list says");
}

/** What is named is there, and what is there is named. */
function checkComplete({ experiments }: ArchiveContents, passed: Passed, wanted: Wanted): void {
  const named = new Set([
    contentsPath,
    ...experiments.flatMap(({ runs }) => runs.map(({ id }) => runPath(id))),
    ...experiments.flatMap(({ loggedModels }) => loggedModels.map(loggedModelPath)),
    ...wanted.keys(),
  ]);
  for (const path of named) if (!passed.has(path)) throw damaged(`${JSON.stringify(path)} is missing`);
  for (const [path, size] of wanted) {
    if (passed.get(path)?.size !== size) throw damaged(`${JSON.stringify(path)} is not as long as it says`);
  }
  for (const path of passed.keys()) {
    if (!named.has(path)) throw damaged(`${JSON.stringify(path)} belongs to nothing in it`);
  }
}
