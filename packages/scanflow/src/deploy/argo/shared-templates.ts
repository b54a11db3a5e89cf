import type { WorkTask } from "@scanflow/core";
import type { Build, Manifest } from "./build.ts";
import type { PodTemplate } from "./pod-template.ts";

/** How a task uses a template that others use, too. */
export interface Use {
  readonly template: string;
  /** What it gives for the texts in which they differ. */
  readonly parameters: readonly { readonly name: string; readonly value: string }[];
}

interface SharedTemplates {
  readonly templates: readonly Manifest[];
  /** By id of the task; those with a template of their own are not there. */
  readonly uses: ReadonlyMap<string, Use>;
}

/**
 * One template for tasks that differ in nothing but texts: each gives its own as arguments. A workflow of a thousand
 * tasks would otherwise be larger than an object of Kubernetes may be.
 */
export function sharedTemplates(
  { names }: Build,
  made: readonly { readonly task: WorkTask; readonly template: PodTemplate }[],
): SharedTemplates {
  const groups = Map.groupBy(made, ({ template }) => shapeOf(template));
  const uses = new Map<string, Use>();
  const templates = [...groups.values()].map((group): Manifest => {
    const [first] = group;
    if (first === undefined || group.length === 1) return group[0]?.template ?? {};
    const template = names.of("", `like-${first.task.id}`);
    const texts = group.map((one) => textsOf(one.template));
    const shared = sharedPlaces(texts);
    for (const [at, { task }] of group.entries()) {
      const own = texts[at] ?? new Map<string, string>();
      const given = new Set(shared.values());
      uses.set(task.id, {
        template,
        parameters: [...given].map((name) => ({ name, value: own.get(name) ?? "" })),
      });
    }
    return withParameters(first.template, { name: template, shared });
  });
  return { templates, uses };
}

/** By the name of a place in which they differ: that of the parameter that stands there. What is always the same is one. */
function sharedPlaces(texts: readonly ReadonlyMap<string, string>[]): ReadonlyMap<string, string> {
  const places = new Map<string, string>();
  const known = new Map<string, string>();
  for (const place of texts[0]?.keys() ?? []) {
    const values = texts.map((one) => one.get(place) ?? "");
    if (values.every((value) => value === values[0])) continue;
    const column = JSON.stringify(values);
    const parameter = known.get(column) ?? place;
    known.set(column, parameter);
    places.set(place, parameter);
  }
  return places;
}

interface Shared {
  readonly name: string;
  readonly shared: ReadonlyMap<string, string>;
}

function withParameters(template: PodTemplate, { name, shared }: Shared): Manifest {
  const filled = eachText({ ...template, name }, (place, text) => {
    const parameter = shared.get(place);
    return parameter === undefined ? text : `{{inputs.parameters.${parameter}}}`;
  });
  const added = [...new Set(shared.values())].map((parameter) => ({ name: parameter }));
  const parameters = [...(template.inputs.parameters ?? []), ...added];
  return { ...filled, inputs: { parameters, artifacts: filled.inputs.artifacts } };
}

/** Equal for templates that differ in nothing but their name and such texts. */
function shapeOf(template: PodTemplate): string {
  return JSON.stringify(eachText({ ...template, name: "" }, () => ""));
}

function textsOf(template: PodTemplate): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  eachText(template, (place, text) => {
    texts.set(place, text);
    return text;
  });
  return texts;
}

/** The texts that a task may have of its own, each with a name for its place. What Argo would read in them stays in the template. */
function eachText(template: PodTemplate, change: (place: string, text: string) => string): PodTemplate {
  const changed = (place: string, text: string) => (isPlain(text) ? change(place, text) : text);
  const { metadata, inputs, container } = template;
  return {
    ...template,
    metadata: {
      annotations: { "org.scanflow.task": changed("task", metadata.annotations["org.scanflow.task"]) },
    },
    inputs: {
      ...inputs,
      artifacts: inputs.artifacts.map((artifact) =>
        artifact.raw === undefined
          ? artifact
          : { ...artifact, raw: { data: changed(`file-${artifact.name}`, artifact.raw.data) } },
      ),
    },
    container: {
      ...container,
      args: container.args.map((text, at) => changed(`argument-${at + 1}`, text)),
      env: container.env.map((variable) =>
        variable.value === undefined
          ? variable
          : { ...variable, value: changed(`env-${variable.name}`, variable.value) },
      ),
    },
  };
}

/**
 * Argo's own braces mean another thing in an argument, and what it puts in is escaped as Go does it, which for control
 * characters, and for those that its Unicode does not know, is no JSON.
 */
function isPlain(text: string): boolean {
  return !text.includes("{{") && /^[\t\n\r\x20-\x7e\u00a0-\ud7ff\ue000-\uffff]*$/.test(text);
}
