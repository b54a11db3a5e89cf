import type { Dataset } from "../api/index.ts";

/** The datasets that have every word of a query somewhere: in a name, a person, a note, a column, a digest. */
export function searchDatasets(datasets: readonly Dataset[], query: string): Dataset[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  return datasets.filter((dataset) => {
    const text = textOf(dataset).toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

function textOf({ name, owner, sensitivity, description, versions }: Dataset): string {
  const told = versions.flatMap(({ fileName, note, addedBy, digest, kind, schema }) => [
    ...[fileName, note, addedBy, digest, kind, schema?.format],
    ...(schema?.columns.map((column) => column.name) ?? []),
  ]);
  return [name, owner, sensitivity, description, ...told].filter(Boolean).join("\n");
}
