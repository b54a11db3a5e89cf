import { damaged } from "./refusal.ts";

/** The text of an entry that is read as a whole, of at most `limit` bytes. Errors: SCANFLOW_PACK_DAMAGED for one that is too large. */
export async function wholeText(
  path: string,
  content: AsyncIterable<Uint8Array>,
  limit: number,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > limit) throw damaged(`${JSON.stringify(path)} is larger than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
