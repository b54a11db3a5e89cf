import { createReadStream } from "node:fs";
import { Counted, type CountedContent } from "@scanflow/tracking/archive";

export async function fileDigest(file: string): Promise<CountedContent> {
  const counted = new Counted();
  for await (const _ of counted.pass(createReadStream(file))) {
    // Only what it was is wanted.
  }
  return counted.content();
}
