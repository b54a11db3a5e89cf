import type { CheckContext } from "../../checker/checker.ts";
import { checkerParams } from "../../checker/checker-params.ts";
import { readGroups } from "../../slices/groups/read-groups.ts";
import type { Task } from "./target.ts";

/** The settings of `sanityChecker`, complete. */
export interface SanityOptions {
  readonly label: string | undefined;
  readonly task: Task;
  readonly ids: readonly string[];
  readonly groups: readonly (readonly string[])[];
  readonly minimumSkill: number;
  readonly alarmSkill: number;
  readonly nearConstant: number;
  readonly minimumRatio: number;
  readonly minimumGroup: number;
  readonly copy: number;
  readonly minimumChange: number;
  readonly minimumRegion: number;
  readonly alarmRegion: number;
  readonly maximumDuplicates: number;
  readonly maximumConflicts: number;
  readonly significance: number;
}

/** @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID naming the param */
export function sanityOptions(context: CheckContext): SanityOptions {
  const params = checkerParams(context, 'Give {"label"}, and as you like "ids", "groups" and limits.');
  const share = (name: string, otherwise: number) => params.number(name, otherwise, [0, 1]);
  const options: SanityOptions = {
    label: params.text("label"),
    task: params.choice("task", ["auto", "classification", "regression"], "auto"),
    ids: params.texts("ids") ?? [],
    groups: readGroups(params) ?? [],
    minimumSkill: share("minimumSkill", 0.9),
    alarmSkill: share("alarmSkill", 0.95),
    nearConstant: params.number("nearConstant", 0.99, [0.5, 1]),
    minimumRatio: share("minimumRatio", 0.1),
    minimumGroup: params.whole("minimumGroup", 30, [1, 1e9]),
    copy: share("copy", 0.99),
    minimumChange: share("minimumChange", 0.2),
    minimumRegion: share("minimumRegion", 0.01),
    alarmRegion: share("alarmRegion", 0.05),
    maximumDuplicates: share("maximumDuplicates", 0.05),
    maximumConflicts: share("maximumConflicts", 0.01),
    significance: params.number("significance", 0.05, [1e-12, 1]),
  };
  params.refuseOthers();
  return options;
}
