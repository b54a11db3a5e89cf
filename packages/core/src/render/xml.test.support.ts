/** An element with its decoded attributes and the text directly in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  text: string;
}

const TOKEN =
  /<(?<close>\/)?(?<name>[A-Za-z][\w-]*)(?<attributes>(?:\s+[A-Za-z][\w:-]*="[^"<]*")*)\s*(?<empty>\/)?>|(?<text>[^<]+)/gy;
const ATTRIBUTE = /([A-Za-z][\w:-]*)="([^"<]*)"/g;

/** The elements of an XML document, or an error where it is not well formed. Knows what pictures need, and no more. */
export function parseXml(document: string): readonly XmlElement[] {
  const elements: XmlElement[] = [];
  const open: XmlElement[] = [];
  let end = 0;
  for (const { 0: token, index, groups = {} } of document.matchAll(TOKEN)) {
    end = index + token.length;
    const { name = "", text } = groups;
    if (text !== undefined) {
      const around = open.at(-1);
      const decoded = decode(text);
      if (around) around.text += decoded;
      else if (decoded.trim() !== "") throw new Error(`text outside the root: ${decoded}`);
      continue;
    }
    if (groups.close !== undefined) {
      if (open.pop()?.name !== name) throw new Error(`</${name}> closes nothing at ${index}`);
      continue;
    }
    const pairs = [...(groups.attributes ?? "").matchAll(ATTRIBUTE)];
    const attributes = new Map(pairs.map(([, key = "", value = ""]) => [key, decode(value)]));
    if (attributes.size < pairs.length) throw new Error(`an attribute stands twice in ${token}`);
    const element = { name, attributes, text: "" };
    elements.push(element);
    if (groups.empty === undefined) open.push(element);
  }
  if (end !== document.length) throw new Error(`not XML from ${end}: ${document.slice(end, end + 60)}`);
  if (open.length > 0) throw new Error(`<${open.at(-1)?.name}> is not closed`);
  return elements;
}

function decode(text: string): string {
  if (!/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(text))
    throw new Error("a forbidden character");
  if (/&(?!#\d+;)/.test(text) || text.includes("]]>")) throw new Error(`a bare & or ]]> in ${text}`);
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)));
}
