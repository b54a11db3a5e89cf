/** Whether a run with this status has come to its end. (A retry can open it again.) */
export function hasEnded(status: string): status is "succeeded" | "failed" | "cancelled" {
  return status === "succeeded" || status === "failed" || status === "cancelled";
}
