/** Longest line that is taken in: an object of Kubernetes is at most about 1.5 MiB in its store. */
const longestLine = 16 * 1024 * 1024;

/** The JSON documents of a stream, one a line. */
export async function* jsonLines(stream: AsyncIterable<Uint8Array>): AsyncGenerator<unknown> {
  let rest: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = bytes.indexOf(10); end !== -1; end = bytes.indexOf(10)) {
      const line = Buffer.concat([...rest, bytes.subarray(0, end)]).toString("utf8");
      bytes = bytes.subarray(end + 1);
      rest = [];
      length = 0;
      if (line.trim() !== "") yield JSON.parse(line);
    }
    rest.push(bytes);
    length += bytes.length;
    if (length > longestLine) throw new Error(`a line of more than ${longestLine} bytes`);
  }
  // A last line without an end was cut off with the connection: it is told again by the next stream.
}
