import { makeWay } from "./first-process.ts";

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
  case "run":
  case "fetch":
  case "publish":
    makeWay();
    process.exitCode = await talk(name);
    break;
  default:
    process.stderr.write(
      `scanflow shim: there is no command ${JSON.stringify(name ?? "")}. Name one of step, check, run, fetch, publish.\n`,
    );
    process.exitCode = 2;
}

/** What is done together with the gateway. */
async function talk(half: "run" | "fetch" | "publish"): Promise<number> {
  const { troubleExit, work } = await import("./work.ts");
  const { readSettings } = await import("./settings.ts");
  const { SCANFLOW_WORKS_ON: named } = process.env;
  try {
    const settings = readSettings(process.env, half === "run" ? (args[0] ?? named) : undefined);
    if (half === "run") {
      const stop = new AbortController();
      for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => stop.abort());
      return await work(settings, stop.signal);
    }
    const { fetchHalf, publishHalf } = await import("./halves.ts");
    return half === "fetch" ? await fetchHalf(settings) : await publishHalf(settings);
  } catch (error) {
    return troubleExit(error);
  }
}
