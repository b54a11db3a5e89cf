import type { ServerCredentials } from "@scanflow/tracking/transfer";

/** Who asks a tracking server, as MLflow's clients read it. */
export function trackerCredentials({
  MLFLOW_TRACKING_USERNAME,
  MLFLOW_TRACKING_PASSWORD,
  MLFLOW_TRACKING_TOKEN,
}: NodeJS.ProcessEnv): ServerCredentials {
  return {
    username: MLFLOW_TRACKING_USERNAME,
    password: MLFLOW_TRACKING_PASSWORD,
    token: MLFLOW_TRACKING_TOKEN,
  };
}
