import { parseAllDocuments } from "yaml";

/** The documents of an exported file. */
export function documentsIn(text: string): readonly unknown[] {
  return parseAllDocuments(text).map((document) => document.toJS() as unknown);
}
