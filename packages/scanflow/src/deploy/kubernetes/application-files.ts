import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import type { V1ConfigMap, V1Volume } from "@kubernetes/client-node";
import type { ApplicationFile } from "../target.ts";
import { metadataOf, type Surroundings } from "./objects.ts";

/** A ConfigMap may hold 1 MiB, keys and all; its base64 is longer than what it stands for. */
const mostBytes = 900 * 1024;

/** How much a cluster should keep of an application's files; larger ones belong into an image or a store. */
export const mostOfAll = 8 * 1024 * 1024;

/** What stands in the way of putting the files into ConfigMaps; undefined: nothing. */
export function tooLarge(files: readonly ApplicationFile[]): string | undefined {
  const large = files.find(({ content }) => sizeOf(content) > mostBytes);
  if (large) return `${large.path} has ${large.content.length} bytes, and a ConfigMap holds ${mostBytes}`;
  const sum = files.reduce((total, { content }) => total + content.length, 0);
  return sum > mostOfAll ? `the application's files have ${sum} bytes, more than ${mostOfAll}` : undefined;
}

/** The application's files in the cluster: as many ConfigMaps as they need, and the volume that puts them together. */
export interface FilesInCluster {
  readonly configMaps: readonly V1ConfigMap[];
  /** Every file at its path, as links: whoever wants plain files copies them with `cp -RL`. */
  readonly volume: V1Volume;
}

export function filesInCluster(
  around: Surroundings,
  name: string,
  files: readonly ApplicationFile[],
): FilesInCluster {
  const parts = divided(files);
  const named = parts.map((part, at) => ({ part, name: at === 0 ? name : `${name}-${at + 1}` }));
  return {
    configMaps: named.map((one) => configMap(around, one.name, one.part)),
    volume: {
      name,
      projected: {
        sources: named.map((one) => ({
          configMap: {
            name: one.name,
            items: one.part.map(({ path }) => ({ key: keyOf(path), path })),
          },
        })),
      },
    },
  };
}

/** In their order, so that a file that changes moves as few others as may be. */
function divided(files: readonly ApplicationFile[]): readonly (readonly ApplicationFile[])[] {
  const parts: ApplicationFile[][] = [[]];
  let size = 0;
  for (const file of files) {
    const own = sizeOf(file.content) + file.path.length;
    if (size + own > mostBytes && size > 0) {
      parts.push([]);
      size = 0;
    }
    parts.at(-1)?.push(file);
    size += own;
  }
  return parts;
}

function configMap(around: Surroundings, name: string, files: readonly ApplicationFile[]): V1ConfigMap {
  const data: Record<string, string> = {};
  const binaryData: Record<string, string> = {};
  for (const { path, content } of files) {
    if (isReadable(content)) data[keyOf(path)] = content.toString("utf8");
    else binaryData[keyOf(path)] = content.toString("base64");
  }
  return {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: metadataOf(around, { component: "files", name }),
    ...(Object.keys(data).length > 0 && { data }),
    ...(Object.keys(binaryData).length > 0 && { binaryData }),
  };
}

/**
 * A key has letters, digits and `-_.` alone, 253 at most, and does not begin with two dots: what else a path has is
 * written as `_` and its code, `/` as `__`.
 */
function keyOf(path: string): string {
  const key = path.replaceAll(/[^A-Za-z0-9.-]|^\./gu, (sign) =>
    sign === "/" ? "__" : `_${sign.codePointAt(0)?.toString(16)}_`,
  );
  return key.length <= 253 ? key : hash("sha256", path);
}

/** Text that YAML can show as it is. */
function isReadable(content: Buffer): boolean {
  if (!isUtf8(content)) return false;
  const text = content.toString("utf8");
  return (
    !text.startsWith("\uFEFF") && !/[^\t\n\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text)
  );
}

function sizeOf(content: Buffer): number {
  return isReadable(content) ? content.length : Math.ceil(content.length / 3) * 4;
}
