import type { Environment } from "@scanflow/core";
import { notebookPackages } from "../requirements/index.ts";
import { pythonBase } from "./bases.ts";
import { buildRecipe } from "./build-recipe.ts";
import { aptInstall, asNobody, dockerfileText } from "./dockerfile-text.ts";
import { givenImage } from "./given-image.ts";
import type { BuiltImage } from "./image-recipe.ts";
import { packRequirements } from "./pack-requirements.ts";
import type { RecipeOptions } from "./recipe-options.ts";

type PythonEnvironment = Extract<Environment, { kind: "python" }>;

/** In a folder of its own, since Debian's Python takes no packages elsewhere. */
const folder = "/opt/venv";

/** An image for a Python environment: its packages in a virtual environment that is first on the PATH. */
export async function pythonRecipe(
  environment: PythonEnvironment,
  options: RecipeOptions & { readonly notebook: boolean },
): Promise<BuiltImage> {
  const { requirements, packages, python, apt } = environment;
  const base = pythonBase(options.bases, python);
  const wanted = options.notebook ? [...packages, ...notebookPackages] : packages;
  const files = await packRequirements(options.root, { requirements, packages: wanted });
  const version = base.version === null ? "" : ` ${base.version}`;
  return buildRecipe({
    name: options.name,
    about: `python${version}${options.notebook ? ", notebooks" : ""}`,
    files,
    needs: [givenImage(base.image)],
    shim: null,
    dockerfile: dockerfileText("A Python environment. Code and data are mounted when it runs.", [
      `FROM ${base.image}`,
      aptInstall(apt),
      base.unproved && base.version !== null ? refuseOther(base.version) : null,
      `ENV VIRTUAL_ENV=${folder} PATH=${folder}/bin:$PATH PYTHONUNBUFFERED=1`,
      `RUN python3 -m venv ${folder}`,
      ...(files.length > 0 ? install : []),
      ...asNobody,
    ]),
  });
}

const install = [
  "COPY requirements /opt/requirements",
  [
    "RUN cd /opt/requirements \\",
    " && pip install --no-cache-dir --no-input --disable-pip-version-check --progress-bar off -r requirements.txt",
  ].join("\n"),
];

/** Ends the build on a base that was given by name and has another Python. */
function refuseOther(version: string): string {
  return `RUN case "$(python3 --version)" in "Python ${version}"|"Python ${version}."*) ;; *) echo "this base has $(python3 --version), and Python ${version} is asked for" >&2; exit 1;; esac`;
}
