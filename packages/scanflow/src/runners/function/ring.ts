/**
 * What a step writes to its log, measures and tags goes through memory that its thread shares with ours: it costs no
 * message, keeps its order, is there to the last byte when the thread is ended by force, and a step that writes faster
 * than we read waits.
 *
 * Frames of one byte of kind, four of length, and the content, in a ring. One side writes, one reads; each moves its
 * own counter only.
 */
const headerBytes = 16;
const frameBytes = 5;
const ringBytes = 256 * 1024;

const read = 0;
const written = 1;
/** Place of the time of the last heartbeat, among numbers of eight bytes. */
const beat = 1;

export const frameKinds = { log: 1, metric: 2, tag: 3 } as const;
export type FrameKind = (typeof frameKinds)[keyof typeof frameKinds];

export function newRing(): SharedArrayBuffer {
  return new SharedArrayBuffer(headerBytes + ringBytes);
}

/** The step's side. */
export class RingWriter {
  readonly #counters: Int32Array<SharedArrayBuffer>;
  readonly #times: BigInt64Array<SharedArrayBuffer>;
  readonly #room: Buffer;
  readonly #full: () => void;

  /** `full` is called before a wait for the reader. */
  constructor(ring: SharedArrayBuffer, full: () => void) {
    this.#counters = new Int32Array(ring, 0, headerBytes / 4);
    this.#times = new BigInt64Array(ring, 0, headerBytes / 8);
    this.#room = Buffer.from(ring, headerBytes, ringBytes);
    this.#full = full;
  }

  beat(): void {
    Atomics.store(this.#times, beat, BigInt(Date.now()));
  }

  /** Waits while the ring is full. A frame longer than half the ring goes in pieces. */
  write(kind: FrameKind, content: Buffer): void {
    const longest = ringBytes / 2;
    for (let from = 0; from < content.length; from += longest) {
      this.#writeFrame(kind, content.subarray(from, from + longest));
    }
  }

  #writeFrame(kind: FrameKind, content: Buffer): void {
    const need = frameBytes + content.length;
    const end = Atomics.load(this.#counters, written);
    for (let begin = this.#begin(); ((end - begin) | 0) + need > ringBytes; begin = this.#begin()) {
      this.#full();
      Atomics.wait(this.#counters, read, begin);
    }
    const header = Buffer.alloc(frameBytes);
    header.writeUInt8(kind);
    header.writeUInt32LE(content.length, 1);
    this.#put(header, end);
    this.#put(content, end + frameBytes);
    Atomics.store(this.#counters, written, (end + need) | 0);
  }

  #begin(): number {
    return Atomics.load(this.#counters, read);
  }

  #put(bytes: Buffer, counter: number): void {
    const at = (counter >>> 0) % ringBytes;
    const fits = bytes.copy(this.#room, at);
    if (fits < bytes.length) bytes.copy(this.#room, 0, fits);
  }
}

/** Our side. */
export class RingReader {
  readonly #counters: Int32Array<SharedArrayBuffer>;
  readonly #times: BigInt64Array<SharedArrayBuffer>;
  readonly #room: Buffer;

  constructor(ring: SharedArrayBuffer) {
    this.#counters = new Int32Array(ring, 0, headerBytes / 4);
    this.#times = new BigInt64Array(ring, 0, headerBytes / 8);
    this.#room = Buffer.from(ring, headerBytes, ringBytes);
  }

  /** When a step last said that it is alive, in milliseconds since the epoch; 0 before the first time. */
  get lastBeat(): number {
    return Number(Atomics.load(this.#times, beat));
  }

  /** Hands on all frames that are there; `take` keeps nothing of a content without copying it. */
  drain(take: (kind: FrameKind, content: Buffer) => void): void {
    const end = Atomics.load(this.#counters, written);
    let begin = Atomics.load(this.#counters, read);
    if (begin === end) return;
    while (begin !== end) {
      const header = this.#get(begin, frameBytes);
      const length = header.readUInt32LE(1);
      take(header.readUInt8() as FrameKind, this.#get(begin + frameBytes, length));
      begin = (begin + frameBytes + length) | 0;
    }
    Atomics.store(this.#counters, read, begin);
    Atomics.notify(this.#counters, read);
  }

  #get(counter: number, length: number): Buffer {
    const at = (counter >>> 0) % ringBytes;
    const copy = Buffer.allocUnsafe(length);
    const fits = this.#room.copy(copy, 0, at, Math.min(at + length, ringBytes));
    if (fits < length) this.#room.copy(copy, fits, 0, length - fits);
    return copy;
  }
}

export interface Metric {
  readonly key: string;
  readonly value: number;
  readonly step: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

export interface Tag {
  readonly key: string;
  readonly value: string;
}

const metricNumbers = 24;

export function encodeMetric({ key, value, step, time }: Metric): Buffer {
  const bytes = Buffer.allocUnsafe(metricNumbers + Buffer.byteLength(key));
  bytes.writeDoubleLE(value, 0);
  bytes.writeDoubleLE(step, 8);
  bytes.writeDoubleLE(time, 16);
  bytes.write(key, metricNumbers);
  return bytes;
}

export function decodeMetric(bytes: Buffer): Metric {
  return {
    key: bytes.toString("utf8", metricNumbers),
    value: bytes.readDoubleLE(0),
    step: bytes.readDoubleLE(8),
    time: bytes.readDoubleLE(16),
  };
}

export function encodeTag({ key, value }: Tag): Buffer {
  return Buffer.from(JSON.stringify([key, value]));
}

export function decodeTag(bytes: Buffer): Tag {
  const [key = "", value = ""]: string[] = JSON.parse(bytes.toString());
  return { key, value };
}
