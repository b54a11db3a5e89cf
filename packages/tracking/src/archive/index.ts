export { Counted, type CountedContent } from "./counted.ts";
export { ArchiveError, type ArchiveErrorCode, archiveErrorCodes } from "./errors.ts";
export { folderEntries } from "./folder-entries.ts";
export { readGzip, writeArchive } from "./gzip-file.ts";
export { checkFormat, damaged, noArchive, unsafe } from "./refusal.ts";
export { readTar, type TarFile, type TarPlace, writeTar } from "./tar-stream.ts";
export { readTarTexts } from "./tar-texts.ts";
export { wholeText } from "./whole-text.ts";
