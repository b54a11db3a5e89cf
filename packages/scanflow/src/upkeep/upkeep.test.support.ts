import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Plan, planWorkflow, requireApplication } from "@scanflow/core";
import { onTestFinished } from "vitest";
import { assembleRooms, type TestRooms } from "./assemble-rooms.test.support.ts";

export type { TestRooms } from "./assemble-rooms.test.support.ts";

/** A folder that is gone at the end of the test. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "scanflow-upkeep-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

/** Rooms that are closed at the end of the test. */
export async function openTestRooms(root: string): Promise<TestRooms> {
  const rooms = await assembleRooms(root);
  onTestFinished(() => rooms.close());
  return rooms;
}

/** The plans of a document's workflows, by name. */
export function plansOf(
  workflows: Record<string, unknown>,
  rest: Record<string, unknown> = {},
): Record<string, Plan> {
  const application = requireApplication({
    application: "app",
    main: Object.keys(workflows)[0],
    workflows,
    ...rest,
  });
  return Object.fromEntries(Object.keys(workflows).map((name) => [name, planWorkflow(application, name)]));
}

/** A word that stands nowhere else. */
export function uniqueWord(): string {
  return `w${randomBytes(8).toString("hex")}`;
}

/** Every file below a folder by its path, with its content; a database that closes takes its log away meanwhile. */
export async function contents(folder: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const read = async (path: string): Promise<[string, Buffer][]> => {
    try {
      return [[path, await readFile(path)]];
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  };
  return new Map((await Promise.all(files.map(read))).flat());
}
