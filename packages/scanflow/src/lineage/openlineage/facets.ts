import type { JsonObject, JsonValue } from "@scanflow/core";

/** An OpenLineage run event (spec 2-0-2, https://openlineage.io/spec/2-0-2/OpenLineage.json), as it is sent. */
export interface OpenLineageEvent {
  readonly eventType: "START" | "RUNNING" | "COMPLETE" | "FAIL" | "ABORT";
  /** ISO 8601. */
  readonly eventTime: string;
  readonly producer: string;
  readonly schemaURL: string;
  readonly run: { readonly runId: string; readonly facets: Facets };
  readonly job: Job & { readonly facets: Facets };
  readonly inputs: readonly Dataset[];
  readonly outputs: readonly Dataset[];
}

export type Facets = Readonly<Record<string, JsonObject>>;

export interface Job {
  readonly namespace: string;
  readonly name: string;
}

export interface Dataset {
  readonly namespace: string;
  readonly name: string;
  readonly facets: Facets;
  readonly outputFacets?: Facets;
}

export const SCHEMA_URL = "https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent";

/** Makes facets that say who made them: the producer is this version of Scanflow. */
export function facetMaker(producer: string) {
  const facet = (name: string, version: string, fields: Readonly<Record<string, JsonValue>>): JsonObject => ({
    _producer: producer,
    _schemaURL: `https://openlineage.io/spec/facets/${version}/${name}.json#/$defs/${name}`,
    ...fields,
  });
  return {
    /** A facet of the specification. */
    facet,
    /** A facet of our own. */
    own: (name: string, fields: Readonly<Record<string, JsonValue>>): JsonObject => ({
      _producer: producer,
      _schemaURL: `urn:scanflow:openlineage:${name}`,
      ...fields,
    }),
    /** The content of a dataset, by its digest. */
    version: (digest: string): Facets => ({
      version: facet("DatasetVersionDatasetFacet", "1-0-1", { datasetVersion: digest }),
    }),
    size: (bytes: number): Facets => ({
      outputStatistics: facet("OutputStatisticsOutputDatasetFacet", "1-0-2", { size: bytes }),
    }),
    jobType: (jobType: "WORKFLOW" | "TASK"): Facets => ({
      jobType: facet("JobTypeJobFacet", "2-0-4", {
        processingType: "BATCH",
        integration: "SCANFLOW",
        jobType,
      }),
    }),
    description: (text: string): Facets =>
      text === "" ? {} : { documentation: facet("DocumentationJobFacet", "1-1-0", { description: text }) },
  };
}

export type FacetMaker = ReturnType<typeof facetMaker>;
