/**
 * The program inside containers. It starts fast and needs nothing but Node: only `step` and `check`, which run where the
 * whole package is, load more of it.
 */
const [name, ...args] = process.argv.slice(2);

switch (name) {
  case "step":
  case "check": {
    const { stepProcess } = await import("../runners/function/step-process.ts");
    const [first = "", second = "default"] = args;
    await stepProcess(
      name === "step" ? { kind: "module", module: first, export: second } : { kind: "check", check: first },
    );
    break;
  }
  default:
    process.stderr.write(
      `scanflow shim: there is no command ${JSON.stringify(name ?? "")}. Name one of step, check, run, fetch, publish.\n`,
    );
    process.exitCode = 2;
}
