import { z } from "zod";

const uri = z.string().regex(/^[a-z][a-z0-9+.-]*:\S+$/i);
const facets = z.record(z.string(), z.looseObject({ _producer: uri, _schemaURL: uri }));
const job = z.object({ namespace: z.string().min(1), name: z.string().min(1) });
const run = z.object({ runId: z.uuid() });
const dataset = job.extend({ facets });

const parentFacet = z.looseObject({ run, job, root: z.object({ run, job }) });

/** What the OpenLineage specification 2-0-2 asks of a run event and of the facets that are sent. */
export const specEvent = z.object({
  eventType: z.enum(["START", "RUNNING", "COMPLETE", "ABORT", "FAIL", "OTHER"]),
  eventTime: z.iso.datetime(),
  producer: uri,
  schemaURL: z.literal("https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/RunEvent"),
  run: run.extend({
    facets: facets.and(
      z.looseObject({
        parent: parentFacet.optional(),
        errorMessage: z.looseObject({ message: z.string(), programmingLanguage: z.string() }).optional(),
        processing_engine: z.looseObject({ version: z.string(), name: z.string() }).optional(),
      }),
    ),
  }),
  job: job.extend({
    facets: facets.and(
      z.looseObject({ jobType: z.looseObject({ processingType: z.string(), integration: z.string() }) }),
    ),
  }),
  inputs: z.array(dataset),
  outputs: z.array(dataset.extend({ outputFacets: facets.optional() })),
});

export type SpecEvent = z.output<typeof specEvent>;

/** `START w.fit`, as people say it. */
export function said({ eventType, job: { name } }: SpecEvent): string {
  return `${eventType} ${name}`;
}
