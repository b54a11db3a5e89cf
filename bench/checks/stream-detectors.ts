import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { type StreamDetectorName, streamDetector, streamDetectorNames } from "@scanflow/checks/stream";
import { line, median, ratio } from "../measure.ts";
import { pythonWith } from "../python-environment.ts";

const PAIRS = 5;
const RECORDS = 100_000;
/** Of River's KSWIN, which takes some 0.3 ms a record. */
const RECORDS_KSWIN = 3_000;

/** As those of the peer: River's KSWIN at its default rings on noise, and begins anew each time. */
const options: Partial<Record<StreamDetectorName, Record<string, unknown>>> = {
  adwin: { cuts: "every" },
  "page-hinkley": { mode: "both", form: "extremes" },
  kswin: { alpha: 1e-6 },
};

/** A stream whose level rises once; the same as the peer's. */
function stream(records: number, binary: boolean): Float64Array {
  let state = 12_345;
  return Float64Array.from({ length: records }, (_, index) => {
    // The product is below 2^53 only in parts.
    state = Number((BigInt(state) * 1_103_515_245n + 12_345n) % 2_147_483_648n);
    const chance = state / 2_147_483_648;
    const level = index < records / 2 ? 0.2 : 0.5;
    return binary ? Number(chance < level) : chance + level;
  });
}

interface Answer {
  readonly seconds: number;
  readonly alarms: number;
}

function ours(name: StreamDetectorName, values: Float64Array): Answer {
  const detector = streamDetector(name, options[name]);
  let alarms = 0;
  const start = performance.now();
  for (const value of values) if (detector.update(value) === "alarm") alarms += 1;
  return { seconds: (performance.now() - start) / 1000, alarms };
}

/** What one record costs each stream detector, beside River's in interleaved pairs. */
export async function run(): Promise<void> {
  const python = await pythonWith("river", ["river==0.26.1", "scipy==1.17.1"]);
  const script = new URL("./stream_detectors.py", import.meta.url).pathname;
  const peer = spawn(python, [script], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    const answers = createInterface(peer.stdout)[Symbol.asyncIterator]();
    await answers.next();
    const theirs = async (detector: string, records: number): Promise<Answer> => {
      peer.stdin.write(`${JSON.stringify({ detector, records })}\n`);
      return JSON.parse((await answers.next()).value ?? "");
    };
    line(`stream detectors, µs a record, one thread, ${PAIRS} pairs with River 0.26.1`);
    for (const name of streamDetectorNames) await compare(name, theirs);
  } finally {
    peer.stdin.end();
  }
}

async function compare(
  name: StreamDetectorName,
  theirs: (detector: string, records: number) => Promise<Answer>,
): Promise<void> {
  const records = name === "kswin" ? RECORDS_KSWIN : RECORDS;
  const binary = name.includes("ddm");
  const values = stream(records, binary);
  const many = stream(RECORDS, binary);
  const [mine, peers]: [number[], number[]] = [[], []];
  let alarms = "";
  ours(name, many);
  for (let pair = 0; pair < PAIRS; pair += 1) {
    if (name !== "cusum") {
      const answer = await theirs(name, records);
      peers.push((answer.seconds / records) * 1e6);
      alarms = `; alarms ${ours(name, values).alarms} and ${answer.alarms}`;
    }
    mine.push((ours(name, many).seconds / RECORDS) * 1e6);
  }
  const own = `  ${name.padEnd(12)} ours ${median(mine).toFixed(3)}`;
  if (peers.length === 0) line(`${own}; River has none`);
  else line(`${own}, River's ${median(peers).toFixed(2)}, ratio ${ratio(mine, peers)}${alarms}`);
}
