import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Container, ended, type Node, type Template } from "./manifest.ts";

const shim = fileURLToPath(new URL("../../../packages/scanflow/src/shim/main.ts", import.meta.url));

export interface LocalPodsOptions {
  /** A folder for all pods and for what they store; removed by who made it. */
  readonly folder: string;
  /** The application's files. */
  readonly application: string;
  readonly secrets: Readonly<Record<string, string>>;
  readonly configuration: Readonly<Record<string, string>>;
}

/**
 * Runs the containers of templates as processes of this machine: `/scanflow` is a folder of each, `/app` the
 * application, the artifact store a folder. What images hold is not looked at.
 */
export class LocalPods {
  readonly #options: LocalPodsOptions;
  readonly #bin: string;

  constructor(options: LocalPodsOptions) {
    this.#options = options;
    this.#bin = join(options.folder, "bin");
    mkdirSync(this.#bin, { recursive: true });
    const python = (process.env.PATH ?? "")
      .split(delimiter)
      .map((folder) => join(folder, "python3"))
      .find((file) => existsSync(file));
    if (python) symlinkSync(python, join(this.#bin, "python"));
    symlinkSync(process.execPath, join(this.#bin, "node"));
  }

  async run(
    template: Template,
    given: Readonly<Record<string, string>>,
  ): Promise<Node & { readonly result: string }> {
    const own = join(this.#options.folder, "pods", randomUUID());
    mkdirSync(join(own, "scanflow"), { recursive: true });
    const here = (text: string) =>
      text.replaceAll(/(?<![\w.-])\/(scanflow|app)(?=[/\s'";:)]|$)/g, (_, which) =>
        which === "app" ? this.#options.application : join(own, "scanflow"),
      );
    const missing = this.#bring(template, given, here);
    if (missing !== null) return { ...ended("Error", { message: `no input ${missing}` }), result: "{}" };
    for (const init of template.initContainers ?? []) await this.#start(init, here, null);
    const { container } = template;
    if (!container) throw new Error(`${template.name} has no container`);
    const code = await this.#start(
      container,
      here,
      template.activeDeadlineSeconds === undefined ? null : Number(template.activeDeadlineSeconds),
    );
    const resultFile = here("/scanflow/result.json");
    const result = existsSync(resultFile) ? readFileSync(resultFile, "utf8") : "{}";
    const parameters = (template.outputs?.parameters ?? []).map(({ name, valueFrom }): [string, string] => {
      const path = here(valueFrom?.path ?? "");
      return [
        name,
        existsSync(path) ? readFileSync(path, "utf8").replace(/\n$/, "") : (valueFrom?.default ?? ""),
      ];
    });
    const made = { parameters: Object.fromEntries(parameters) };
    if (code !== 0) return { ...ended("Failed", made), result };
    const artifacts: Record<string, string> = {};
    for (const { name, path = "", optional = false, s3 } of template.outputs?.artifacts ?? []) {
      const file = here(path);
      if (existsSync(file)) artifacts[name] = this.#store(file, s3?.key ?? `by-name/${randomUUID()}`);
      else if (!optional) return { ...ended("Error", { ...made, message: `no output ${name}` }), result };
    }
    return { ...ended("Succeeded", { ...made, artifacts }), result };
  }

  /** Puts inputs in their places; gives the name of one that is not there. */
  #bring(
    template: Template,
    given: Readonly<Record<string, string>>,
    here: (text: string) => string,
  ): string | null {
    for (const { name, path = "", raw, s3, optional = false } of template.inputs?.artifacts ?? []) {
      if (path === "/app") continue;
      const place = here(path);
      mkdirSync(dirname(place), { recursive: true });
      const source = given[name] ?? (s3 && join(this.#options.folder, "store", s3.key));
      if (raw) writeFileSync(place, here(raw.data));
      else if (source && existsSync(source)) cpSync(source, place, { recursive: true });
      else if (!optional) return name;
    }
    return null;
  }

  #store(file: string, key: string): string {
    const place = join(this.#options.folder, "store", key);
    mkdirSync(dirname(place), { recursive: true });
    cpSync(file, place, { recursive: true });
    return place;
  }

  async #start(
    container: Container,
    here: (text: string) => string,
    seconds: number | null,
  ): Promise<number | null> {
    const { PATH = "", LANG = "C.UTF-8" } = process.env;
    const env: Record<string, string> = {
      PATH: `${this.#bin}${delimiter}${PATH}`,
      LANG,
      NODE_OPTIONS: "--conditions=source",
    };
    for (const { name, value, valueFrom } of container.env ?? []) {
      const { secretKeyRef, configMapKeyRef } = valueFrom ?? {};
      const found = secretKeyRef
        ? this.#options.secrets[secretKeyRef.key]
        : configMapKeyRef
          ? this.#options.configuration[configMapKeyRef.key]
          : here(withVariables(value ?? "", env));
      if (found !== undefined) env[name] = found;
      else if (secretKeyRef) throw new Error(`there is no secret ${secretKeyRef.key}`);
    }
    const [file = "", ...args] = [...container.command, ...(container.args ?? [])].map((word) =>
      word === "/opt/scanflow/dist/shim/main.js" ? shim : here(withVariables(word, env)),
    );
    const child = spawn(file, args, { cwd: this.#options.application, env, stdio: "ignore", detached: true });
    const deadline =
      seconds === null
        ? undefined
        : setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), seconds * 1000);
    const [code] = (await once(child, "close").catch(() => [127])) as [number | null];
    clearTimeout(deadline);
    return code;
  }
}

/** `$(NAME)` is a variable, and `$$` one dollar (k8s.io/kubernetes third_party/forked/golang/expansion). */
function withVariables(text: string, env: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\$(?:\$|\(([^)]*)\))/g, (whole, name?: string) => {
    if (name === undefined) return "$";
    return env[name] ?? whole;
  });
}

export function fileDigest(file: string): string {
  return `sha256:${createHash("sha256").update(readFileSync(file)).digest("hex")}`;
}
