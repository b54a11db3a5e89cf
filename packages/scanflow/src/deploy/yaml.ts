import { Document, isScalar, Scalar, visit } from "yaml";

/** What YAML 1.1 (Kubernetes, Docker) or 1.2 takes for something else than the text that it is. */
const MISREAD = /^(?:y|n|yes|no|on|off|true|false|null|~|=|<<|[-+]?\.(?:inf|nan)|[-+]?[.]?\d.*)$/i;

export interface YamlOptions {
  /** Lines put in front as a comment; the empty one becomes an empty comment line. */
  readonly header?: readonly string[];
}

/**
 * Plain data as YAML, one document or several: the same data give the same bytes, in the order of their keys. Texts that
 * one of YAML's versions reads as a number, a truth value or nothing are quoted; texts of several lines are blocks; no
 * anchors, no folded lines. Keys whose value is undefined are left out.
 */
export function yamlText(documents: readonly unknown[], { header = [] }: YamlOptions = {}): string {
  const comment = header.map((line) => `#${line === "" ? "" : ` ${line}`}\n`).join("");
  return comment + documents.map(documentText).join("---\n");
}

function documentText(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false, version: "1.2" });
  visit(document, {
    Scalar: (_, node) => {
      if (isScalar(node) && typeof node.value === "string" && MISREAD.test(node.value)) {
        node.type = Scalar.QUOTE_DOUBLE;
      }
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: false });
}
