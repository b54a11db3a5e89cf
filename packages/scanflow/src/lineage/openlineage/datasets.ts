import { join } from "node:path";
import type { Content, Scheduler } from "../../engine/index.ts";
import type { Parts } from "../run-record.ts";
import type { Dataset, FacetMaker } from "./facets.ts";
import { templateOf } from "./names.ts";

export interface DatasetSources {
  readonly namespace: string;
  /** The config's folder. */
  readonly root: string;
  readonly scheduler: Scheduler;
  readonly make: FacetMaker;
}

/**
 * What an attempt reads. A file of the folder is named as the specification names local files; an output by its
 * workflow, task and name, so that runs follow each other; the version is the digest of what it holds.
 */
export function inputDatasets(sources: DatasetSources, task: string, parts: Parts): Dataset[] {
  const { inputs } = sources.scheduler.attemptInputs(task);
  return distinct(
    Object.entries(inputs).flatMap(([name, content]) =>
      datasetsOf(sources, content, parts[`input: ${name}`] ?? ""),
    ),
  );
}

function datasetsOf(sources: DatasetSources, content: Content, digest: string): Dataset[] {
  const { namespace, root, make } = sources;
  const facets = digest === "" ? {} : make.version(digest);
  if (content.kind === "file") return [{ namespace: "file", name: join(root, content.path), facets }];
  if (content.kind === "data") return [{ namespace, name: `data:/${content.dataset}`, facets }];
  const { task, output } = content.kind === "artifact" ? content.made : content.of;
  return [{ namespace, name: outputName(sources.scheduler, task, output), facets }];
}

/** What an attempt wrote, with the models that it registered. */
export function outputDatasets(
  { namespace, scheduler, make }: DatasetSources,
  task: string,
  outputs: readonly { readonly name: string; readonly digest: string; readonly size: number | null }[],
): Dataset[] {
  const declared = scheduler.task(task).outputs;
  return outputs.flatMap(({ name, digest, size }) => {
    const facets = make.version(digest);
    const outputFacets = size === null ? {} : { outputFacets: make.size(size) };
    const own = { namespace, name: outputName(scheduler, task, name), facets, ...outputFacets };
    const model = declared[name]?.register;
    return model ? [own, { namespace, name: `models:/${model}`, facets, ...outputFacets }] : [own];
  });
}

function outputName({ plan }: Scheduler, task: string, output: string): string {
  return `${plan.workflow}.${templateOf(task)}.${output}`;
}

/** A dataset that is read as two inputs is one. */
function distinct(datasets: readonly Dataset[]): Dataset[] {
  return [...new Map(datasets.map((one) => [JSON.stringify([one.namespace, one.name]), one])).values()];
}
