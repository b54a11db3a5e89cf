import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { ScanflowError } from "@scanflow/core";
import type { Answer, Deployer, Placed, Step } from "./deployer.ts";

export interface PerformOptions {
  /** Told each command before it is run, as a person would type it. */
  readonly tell?: (command: string) => void;
  /** Told what the tool writes, as it comes. */
  readonly write?: (text: string) => void;
}

/**
 * Asks all that must be so before anything starts. Errors: SCANFLOW_DEPLOY_TOOL when the tool is missing, and those of
 * the questions.
 */
export async function askBefore(
  deployer: Deployer,
  placed: Placed,
  { brings }: { readonly brings: boolean },
): Promise<void> {
  for (const question of deployer.before(placed).filter(({ bringing }) => brings || bringing !== true)) {
    const refusal = question.judge(await answerOf(deployer, question));
    if (refusal) throw new ScanflowError(refusal.code, refusal.message);
  }
}

/** Runs the steps, one after the other. Errors: SCANFLOW_DEPLOY_FAILED. */
export async function perform(
  deployer: Deployer,
  steps: readonly Step[],
  options: PerformOptions,
): Promise<void> {
  for (const step of steps) {
    options.tell?.(commandText(step));
    const { code, stderr } = await answerOf(deployer, step, options);
    if (code !== 0) throw failed(step, code, stderr);
  }
}

/** What the platform says would change; `changed` when something would. Errors: SCANFLOW_DEPLOY_FAILED. */
export async function platformDiff(
  deployer: Deployer,
  step: Step,
  options: PerformOptions,
): Promise<boolean> {
  const { code, stderr } = await answerOf(deployer, step, options);
  if (code > 1) throw failed(step, code, stderr);
  return code === 1;
}

export interface Removal extends PerformOptions {
  readonly volumes: boolean;
  readonly patienceMs?: number;
}

const betweenLooksMs = 500;

/** Takes it all from the platform and waits until it is gone. Errors: SCANFLOW_DEPLOY_FAILED, SCANFLOW_DEPLOY_LEFT. */
export async function takeDown(
  deployer: Deployer,
  placed: Placed,
  { volumes, patienceMs = 120_000, ...options }: Removal,
): Promise<void> {
  await perform(deployer, deployer.down(placed, { volumes }), options);
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const left = await leftOf(deployer, placed);
    if (left.length === 0) break;
    if (performance.now() > deadline) {
      throw new ScanflowError(
        "SCANFLOW_DEPLOY_LEFT",
        `After ${patienceMs / 1000} seconds there still is ${left.join(", ")}. Look at what holds it, then undeploy again.`,
      );
    }
    await pause(betweenLooksMs);
  }
  const kept = volumes ? deployer.volumes?.(placed) : undefined;
  if (kept === undefined) return;
  const names = wordsOf((await answerOf(deployer, kept.list)).stdout);
  if (names.length > 0) await perform(deployer, [{ words: [...kept.remove, ...names] }], options);
}

async function leftOf(deployer: Deployer, placed: Placed): Promise<readonly string[]> {
  const answers = await Promise.all(deployer.left(placed).map((step) => answerOf(deployer, step)));
  return answers.flatMap(({ stdout }) => wordsOf(stdout));
}

function wordsOf(text: string): readonly string[] {
  return text.split(/\s+/).filter(Boolean);
}

/** A step as a person would type it. */
export function commandText({ words, variables = {} }: Step): string {
  const set = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}`);
  return [...set, ...words.map(quoted)].join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

async function answerOf(
  { tool, install }: Deployer,
  { words: [file = "", ...args], variables }: Step,
  { write }: PerformOptions = {},
): Promise<Answer> {
  const child = spawn(file, args, {
    env: { ...process.env, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
    write?.(text);
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    write?.(text);
  });
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return { code: code ?? 1, stdout, stderr };
  } catch (cause) {
    const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    if (!missing) throw cause;
    throw new ScanflowError("SCANFLOW_DEPLOY_TOOL", `There is no program "${tool}" here. ${install}.`, {
      cause,
    });
  }
}

function failed(step: Step, code: number, stderr: string): ScanflowError {
  const last = stderr.trim().split("\n").at(-1) ?? "";
  return new ScanflowError(
    "SCANFLOW_DEPLOY_FAILED",
    `"${commandText(step)}" ended with ${code}${last === "" ? "" : `: ${last.replace(/\.$/, "")}`}. Mend that, then call it again: what is done already stays as it is.`,
  );
}
