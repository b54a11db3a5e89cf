import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { buildRecipe } from "./build-recipe.ts";
import { describeFile } from "./describe-file.ts";
import { dockerfileText } from "./dockerfile-text.ts";
import type { BuiltImage } from "./image-recipe.ts";

const run = promisify(execFile);

/** Of Debian's package. */
const program = "docker-registry";

const settings = `version: 0.1
log: { level: warn }
storage:
  filesystem: { rootdirectory: /var/lib/registry }
  delete: { enabled: true }
http: { addr: ":5000" }
`;

/** An image of the registry that is installed on this machine, with the libraries it needs; null when there is none. */
export async function registryFromProgram(env: NodeJS.ProcessEnv = process.env): Promise<BuiltImage | null> {
  const file = (env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
  if (file === undefined) return null;
  // A program without libraries is told by the exit code.
  const { stdout } = await run("ldd", [file]).catch(() => ({ stdout: "" }));
  const libraries = [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, path = ""]) => path);
  const copied = [file, ...libraries].map((path) =>
    describeFile(path, `root${path === file ? "/registry" : path}`),
  );
  return buildRecipe({
    name: "registry",
    about: "a registry",
    files: [...(await Promise.all(copied)), { kind: "text", path: "root/config.yml", text: settings }],
    shared: true,
    shim: null,
    dockerfile: dockerfileText("The registry of this machine.", [
      "FROM scratch",
      "COPY root /",
      "VOLUME /var/lib/registry",
      'ENTRYPOINT ["/registry", "serve", "/config.yml"]',
    ]),
  });
}
