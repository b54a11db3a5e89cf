import { ScanflowError } from "@scanflow/core";
import { readImageName } from "./image-name.ts";

/** The images that others are built upon. */
export interface Bases {
  /** Of Python; `{version}` in it stands for the version, such as 3.13. */
  readonly python: string;
  /** Of Node. */
  readonly node: string;
}

/**
 * Debian 12 in both, so that what one is built upon also runs in the other. To pin one by digest or to take it from
 * another registry, name it in `SCANFLOW_BASE_PYTHON` or `SCANFLOW_BASE_NODE`.
 */
const defaults: Bases = { python: "python:{version}-slim-bookworm", node: "node:24-bookworm-slim" };

/** Wheels of it are published by all common packages, and it gets fixes until October 2029 (PEP 719). */
const defaultPython = "3.13";

/** Errors: SCANFLOW_IMAGE_NAME. */
export function readBases(env: NodeJS.ProcessEnv = process.env): Bases {
  const { SCANFLOW_BASE_PYTHON: python = "", SCANFLOW_BASE_NODE: node = "" } = env;
  const bases = { python: python || defaults.python, node: node || defaults.node };
  readImageName(bases.python.replaceAll("{version}", "3"), "SCANFLOW_BASE_PYTHON");
  readImageName(bases.node, "SCANFLOW_BASE_NODE");
  return bases;
}

export interface PythonBase {
  readonly image: string;
  /** null: whichever the base has. */
  readonly version: string | null;
  /** Whether the name of the base says nothing of the version, so that the build has to look. */
  readonly unproved: boolean;
}

/**
 * The base of a Python environment. @param interpreter as the plan has it, such as `python3.12`; null: any. Errors:
 * SCANFLOW_ENVIRONMENT_UNSUPPORTED for an interpreter that is none of these.
 */
export function pythonBase({ python }: Bases, interpreter: string | null): PythonBase {
  const [, asked] = /^python(\d+(?:\.\d+){0,2})$/.exec(interpreter ?? `python${defaultPython}`) ?? [];
  if (asked === undefined) {
    throw new ScanflowError(
      "SCANFLOW_ENVIRONMENT_UNSUPPORTED",
      `The interpreter "${interpreter}" is not one that an image can be built with. Name a version such as "3.12", or use an image or a Dockerfile of your own.`,
    );
  }
  if (python.includes("{version}")) {
    return { image: python.replaceAll("{version}", asked), version: asked, unproved: false };
  }
  return { image: python, version: interpreter === null ? null : asked, unproved: interpreter !== null };
}
