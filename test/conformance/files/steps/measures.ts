import type { StepContext } from "scanflow";

export function measures({ item, metric }: StepContext) {
  metric("loss", Number(item) / 4);
}
