import { existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import type { PythonEnvironmentSpec } from "./python-environments.ts";
import { runTool, type ToolOptions } from "./run-tool.ts";

/** Builds an environment at its final place, since one cannot be moved. Throws `ToolError`. */
export async function buildEnvironment(
  spec: PythonEnvironmentSpec,
  folder: string,
  tool: ToolOptions,
): Promise<void> {
  const { root, requirements, packages, system } = spec;
  const interpreter = spec.python ?? "python3";
  const wanted = [...(requirements === null ? [] : ["-r", resolve(root, requirements)]), ...packages];
  const python = join(folder, "bin", "python");
  const systemFlag = system ? ["--system-site-packages"] : [];
  const uv = hasUv(tool.env.PATH);
  tool.line(`building a Python environment with ${uv ? "uv" : "venv and pip"} in ${folder}`);
  if (uv) {
    await runTool(["uv", "venv", "--quiet", "--python", interpreter, ...systemFlag, folder], tool);
    if (wanted.length > 0) await runTool(["uv", "pip", "install", "--python", python, ...wanted], tool);
    return;
  }
  await runTool([interpreter, "-m", "venv", ...systemFlag, folder], tool);
  if (wanted.length > 0) {
    await runTool([python, "-m", "pip", "install", "--progress-bar", "off", ...wanted], tool);
  }
}

function hasUv(path: string | undefined): boolean {
  return (path ?? "").split(delimiter).some((folder) => folder !== "" && existsSync(join(folder, "uv")));
}
