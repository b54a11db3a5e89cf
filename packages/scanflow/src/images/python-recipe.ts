import type { Environment } from "@scanflow/core";
import { notebookPackages } from "../requirements/index.ts";
import { pythonBase } from "./bases.ts";
import { buildRecipe } from "./build-recipe.ts";
import { aptInstall, asNobody, dockerfileText, imageUser } from "./dockerfile-text.ts";
import { givenImage } from "./given-image.ts";
import type { BuiltImage, ImageFile } from "./image-recipe.ts";
import { packRequirements } from "./pack-requirements.ts";
import type { RecipeOptions } from "./recipe-options.ts";

type PythonEnvironment = Extract<Environment, { kind: "python" }>;

/** In a folder of its own, since Debian's Python takes no packages elsewhere. */
const folder = "/opt/venv";

/** An image for a Python environment: its packages in a virtual environment that is first on the PATH. */
export async function pythonRecipe(
  environment: PythonEnvironment,
  options: RecipeOptions,
): Promise<BuiltImage> {
  const { requirements, packages, python, apt } = environment;
  const base = pythonBase(options.bases, python);
  const files = await packRequirements(options.root, { requirements, packages });
  return buildRecipe({
    name: options.name,
    about: base.version === null ? "python" : `python ${base.version}`,
    files,
    needs: [givenImage(base.image)],
    shim: null,
    dockerfile: dockerfileText("A Python environment. Code and data are mounted when it runs.", [
      ...(namesLogin(files) ? installElsewhere : installHere)({
        base: base.image,
        begin: [
          aptInstall(apt),
          base.unproved && base.version !== null ? refuseOther(base.version) : null,
          `ENV VIRTUAL_ENV=${folder} PATH=${folder}/bin:$PATH PYTHONUNBUFFERED=1`,
        ],
        install: [`RUN python3 -m venv ${folder}`, ...(files.length > 0 ? install : [])],
      }),
      ...asNobody,
    ]),
  });
}

interface Parts {
  readonly base: string;
  readonly begin: readonly (string | null)[];
  readonly install: readonly string[];
}

function installHere({ base, begin, install }: Parts): (string | null)[] {
  return [`FROM ${base}`, ...begin, ...install];
}

/** The requirements stay behind: whoever gets the image gets its packages, and not the passwords of their index. */
function installElsewhere({ base, begin, install }: Parts): (string | null)[] {
  return [
    ...[`FROM ${base} AS packages`, ...begin, ...install],
    ...[`FROM ${base}`, ...begin, `COPY --from=packages ${folder} ${folder}`],
  ];
}

/** Whether an address in the requirements has a user or a password in it (RFC 3986, 3.2.1). */
function namesLogin(files: readonly ImageFile[]): boolean {
  return files.some((file) => file.kind === "text" && /:\/\/[^/\s@]+@/.test(file.text));
}

/** The same with what notebooks need, upon the image that other tasks of the environment run in. */
export async function notebookRecipe(
  environment: PythonEnvironment,
  options: RecipeOptions,
): Promise<BuiltImage> {
  const upon = await pythonRecipe(environment, options);
  return buildRecipe({
    name: options.name,
    about: `${upon.about}, notebooks`,
    files: [],
    needs: [upon],
    shim: null,
    dockerfile: dockerfileText("A Python environment with what runs notebooks.", [
      `FROM ${upon.ref}`,
      "USER root",
      `RUN ${pip} ${notebookPackages.join(" ")}`,
      `USER ${imageUser}`,
    ]),
  });
}

const pip = "pip install --no-cache-dir --no-input --disable-pip-version-check --progress-bar off";

const install = [
  "COPY requirements /opt/requirements",
  ["RUN cd /opt/requirements \\", ` && ${pip} -r requirements.txt`].join("\n"),
];

/** Ends the build on a base that was given by name and has another Python. */
function refuseOther(version: string): string {
  return `RUN case "$(python3 --version)" in "Python ${version}"|"Python ${version}."*) ;; *) echo "this base has $(python3 --version), and Python ${version} is asked for" >&2; exit 1;; esac`;
}
