/**
 * The types that the run pages of MLflow 3's UI ask for, as its server names them. A field is a scalar (what the
 * REST API answers, `long` as text) or another type, in a list when it stands in brackets.
 */
export const types = {
  MlflowMetric: "key value:float timestamp:long step:long datasetName datasetDigest modelId runId",
  MlflowMetricWithRunId: "key value:float timestamp:long step:long runId",
  MlflowRunInfo:
    "runId runUuid runName experimentId userId status startTime:long endTime:long artifactUri lifecycleStage",
  MlflowRunData: "metrics:[MlflowMetric] params:[MlflowParam] tags:[MlflowRunTag]",
  MlflowParam: "key value",
  MlflowRunTag: "key value",
  MlflowInputTag: "key value",
  MlflowExperimentTag: "key value",
  MlflowModelVersionTag: "key value",
  MlflowModelParam: "name value",
  MlflowModelMetric: "key value:float timestamp:long step:long datasetName datasetDigest modelId runId",
  MlflowDataset: "name digest sourceType source schema profile",
  MlflowDatasetInput: "tags:[MlflowInputTag] dataset:MlflowDataset",
  MlflowModelInput: "modelId",
  MlflowRunInputs: "datasetInputs:[MlflowDatasetInput] modelInputs:[MlflowModelInput]",
  MlflowModelOutput: "modelId step:long",
  MlflowRunOutputs: "modelOutputs:[MlflowModelOutput]",
  MlflowExperiment:
    "experimentId name artifactLocation lifecycleStage lastUpdateTime:long creationTime:long tags:[MlflowExperimentTag]",
  MlflowModelVersion:
    "name version creationTimestamp:long lastUpdatedTimestamp:long userId currentStage description source runId status statusMessage tags:[MlflowModelVersionTag] runLink aliases modelId modelParams:[MlflowModelParam] modelMetrics:[MlflowModelMetric]",
  MlflowRunExtension:
    "info:MlflowRunInfo data:MlflowRunData inputs:MlflowRunInputs outputs:MlflowRunOutputs experiment:MlflowExperiment modelVersions:[MlflowModelVersion]",
  MlflowFileInfo: "path isDir fileSize:long",
  MlflowDatasetSummary: "experimentId name digest context",
  ErrorDetail: "field message",
  ApiError: "code message helpUrl traceId errorDetails:[ErrorDetail]",
  MlflowGetRunResponse: "run:MlflowRunExtension apiError:ApiError",
  MlflowSearchRunsResponse: "runs:[MlflowRunExtension] nextPageToken apiError:ApiError",
  MlflowGetExperimentResponse: "experiment:MlflowExperiment apiError:ApiError",
  MlflowSearchModelVersionsResponse: "modelVersions:[MlflowModelVersion] nextPageToken apiError:ApiError",
  MlflowSearchDatasetsResponse: "datasetSummaries:[MlflowDatasetSummary] apiError:ApiError",
  MlflowListArtifactsResponse: "rootUri files:[MlflowFileInfo] nextPageToken apiError:ApiError",
  MlflowGetMetricHistoryBulkIntervalResponse: "metrics:[MlflowMetricWithRunId] apiError:ApiError",
} as const;

/** A root field: what it gives, and the route that answers it. */
export interface Root {
  readonly type: keyof typeof types;
  readonly route: string;
}

const searchRuns: Root = { type: "MlflowSearchRunsResponse", route: "POST runs/search" };

export const roots: Readonly<Record<"query" | "mutation", Readonly<Record<string, Root>>>> = {
  query: {
    mlflowGetRun: { type: "MlflowGetRunResponse", route: "GET runs/get" },
    mlflowSearchRuns: searchRuns,
    mlflowGetExperiment: { type: "MlflowGetExperimentResponse", route: "GET experiments/get" },
    mlflowSearchModelVersions: {
      type: "MlflowSearchModelVersionsResponse",
      route: "GET model-versions/search",
    },
    mlflowListArtifacts: { type: "MlflowListArtifactsResponse", route: "GET artifacts/list" },
    mlflowGetMetricHistoryBulkInterval: {
      type: "MlflowGetMetricHistoryBulkIntervalResponse",
      route: "GET metrics/get-history-bulk-interval",
    },
  },
  mutation: {
    mlflowSearchRuns: searchRuns,
    mlflowSearchDatasets: { type: "MlflowSearchDatasetsResponse", route: "POST experiments/search-datasets" },
  },
};

export interface FieldType {
  readonly kind: "text" | "long" | "float" | "type";
  /** For `type`: its name. */
  readonly of: string;
  readonly list: boolean;
}

/** The type of a field; undefined when there is no such field. */
export function fieldType(type: string, field: string): FieldType | undefined {
  return fields.get(type)?.get(field);
}

const fields: ReadonlyMap<string, ReadonlyMap<string, FieldType>> = new Map(
  Object.entries(types).map(([type, line]) => [type, new Map(line.split(" ").map(parseField))]),
);

function parseField(text: string): [string, FieldType] {
  const [name = "", type = "text"] = text.split(":");
  const of = type.replace(/^\[(.*)\]$/, "$1");
  const kind = of === "text" || of === "long" || of === "float" ? of : "type";
  return [name, { kind, of, list: of !== type }];
}
