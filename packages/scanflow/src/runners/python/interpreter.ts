import { ScanflowError } from "@scanflow/core";
import { runTool, ToolError, type ToolOptions } from "./run-tool.ts";

const question =
  "import sys, platform, sysconfig; print(sys.implementation.name, platform.python_version(), sysconfig.get_platform(), sys.executable)";

/** What tells one interpreter from another: implementation, version, platform and place. */
export async function describeInterpreter(python: string, options: ToolOptions): Promise<string> {
  try {
    const lines = await runTool([python, "-c", question], { ...options, line: () => undefined });
    return lines.at(-1) ?? "";
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    throw new ScanflowError(
      "SCANFLOW_ENVIRONMENT_FAILED",
      `The Python interpreter "${python}" cannot be used: ${[error.message, ...error.lines].join("\n")}\nInstall it so that the command starts it, or ask for another version where the environment is declared.`,
      { cause: error },
    );
  }
}
