import { ownVersion } from "../own-version.ts";
import { buildRecipe } from "./build-recipe.ts";
import { builtPackages } from "./built-files.ts";
import { asNobody, dockerfileText } from "./dockerfile-text.ts";
import { givenImage } from "./given-image.ts";
import type { BuiltImage, ImageFile } from "./image-recipe.ts";
import { foreignPackages } from "./own-packages.ts";
import type { RecipeOptions } from "./recipe-options.ts";

/** Where the package lies in the image; what it needs of others lies below it. */
export const scanflowFolder = "/opt/scanflow";

/** Starts the shim where Node is the image's own. */
export const scanflowShim: readonly string[] = ["node", `${scanflowFolder}/dist/shim/main.js`];

/**
 * The image that holds Node and the Scanflow that runs here: tasks of the host's environment, functions and checks run
 * in it, and so do the server and the trackers of a cluster.
 */
export async function scanflowRecipe({ bases }: Pick<RecipeOptions, "bases">): Promise<BuiltImage> {
  const packages = await builtPackages();
  const manifest = { private: true, dependencies: foreignPackages(packages.map(({ own }) => own)) };
  const files: ImageFile[] = [
    { kind: "text", path: "package.json", text: `${JSON.stringify(manifest, null, 2)}\n` },
    ...packages.flatMap((one) => (one.own.name === "scanflow" ? one.files : one.files.map(below))),
  ];
  return buildRecipe({
    name: `scanflow:${ownVersion}`,
    about: `scanflow ${ownVersion}`,
    files,
    needs: [givenImage(bases.node)],
    shared: true,
    shim: scanflowShim,
    dockerfile: dockerfileText("Scanflow itself.", [
      `FROM ${bases.node}`,
      // Before Scanflow's own files, so that this layer is made again only when a version changes.
      `COPY package.json ${scanflowFolder}/`,
      installForeign,
      `COPY scanflow ${scanflowFolder}`,
      link,
      ...asNobody,
    ]),
  });
}

/** The command, and the packages for programs in `/app` that import them. */
const link = [
  `RUN ln -s ${scanflowFolder}/bin/scanflow.js /usr/local/bin/scanflow \\`,
  ` && mkdir /node_modules && ln -s ${scanflowFolder} ${scanflowFolder}/node_modules/@scanflow /node_modules/`,
].join("\n");

/** The packages of ours that Scanflow needs lie where it looks for them first. */
function below(file: ImageFile): ImageFile {
  return { ...file, path: `scanflow/node_modules/${file.path}` };
}

/**
 * No scripts run: the only one would fetch ONNX Runtime for GPUs. Its package holds the binaries of all systems, and
 * packages bring maps and types along: what this system does not run is removed before the layer is kept.
 */
const installForeign = [
  `RUN cd ${scanflowFolder} \\`,
  " && npm install --omit=dev --ignore-scripts --no-audit --no-fund --no-package-lock --no-update-notifier --cache /tmp/npm --loglevel error \\",
  ' && arch=$(node -p "process.arch") \\',
  ' && find node_modules/onnxruntime-node/bin -mindepth 2 -maxdepth 3 -type d ! -path "*/linux" ! -path "*/linux/$arch" -prune -exec rm -rf {} + \\',
  ' && find node_modules -type f \\( -name "*.map" -o -name "*.d.ts" -o -name "*.d.mts" -o -name "*.d.cts" -o -name "*.md" \\) -delete \\',
  " && rm -rf /tmp/npm",
].join("\n");
