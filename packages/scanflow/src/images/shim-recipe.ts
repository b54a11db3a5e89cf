import { ownVersion } from "../own-version.ts";
import { buildRecipe } from "./build-recipe.ts";
import { builtPackages } from "./built-files.ts";
import { dockerfileText } from "./dockerfile-text.ts";
import { givenImage } from "./given-image.ts";
import type { BuiltImage, ImageFile } from "./image-recipe.ts";
import type { RecipeOptions } from "./recipe-options.ts";

const folder = "/opt/scanflow-shim";

/**
 * Starts Node with its own loader and libraries, so that nothing of the image is needed, not even a C library. In the
 * program `process.execPath` is the loader: it cannot start itself again by that path alone.
 */
export const shimNode: readonly string[] = [
  `${folder}/lib/ld.so`,
  "--library-path",
  `${folder}/lib`,
  `${folder}/bin/node`,
];

/** Starts the shim in an image that has the layer. */
export const layerShim: readonly string[] = [...shimNode, `${folder}/main.js`];

/** The layer that lets the shim run in any image: Node, its loader and libraries, and the shim's files, in one folder. */
export async function shimRecipe({ bases }: Pick<RecipeOptions, "bases">): Promise<BuiltImage> {
  return shimLayer(bases.node, await shimFiles());
}

/** The layer of these files; `main.js` among them is what is started. */
export function shimLayer(node: string, files: readonly ImageFile[]): BuiltImage {
  return buildRecipe({
    name: `shim:${ownVersion}`,
    about: `shim ${ownVersion}`,
    files: [...files, { kind: "text", path: "shim/package.json", text: '{ "type": "module" }\n' }],
    needs: [givenImage(node)],
    shared: true,
    shim: layerShim,
    dockerfile: dockerfileText("Node with all that it needs, to be copied into other images.", [
      `FROM ${node} AS node`,
      collect,
      "FROM scratch",
      `COPY --from=node ${folder} ${folder}`,
      `COPY shim ${folder}`,
    ]),
  });
}

async function shimFiles(): Promise<ImageFile[]> {
  const files = (await builtPackages()).flatMap((one) => one.files);
  const from = "scanflow/dist/shim/";
  return files.flatMap((file) =>
    file.path.startsWith(from) ? [{ ...file, path: `shim/${file.path.slice(from.length)}` }] : [],
  );
}

/** What `ldd` names is copied under the name by which it is looked for; the loader is given one without its architecture. */
const collect = [
  `RUN mkdir -p ${folder}/bin ${folder}/lib \\`,
  ` && cp -L "$(command -v node)" ${folder}/bin/node \\`,
  ` && for library in $(ldd ${folder}/bin/node | grep -o '/[^ ]*'); do cp -L "$library" ${folder}/lib/; done \\`,
  ` && mv ${folder}/lib/ld-linux* ${folder}/lib/ld.so`,
].join("\n");
