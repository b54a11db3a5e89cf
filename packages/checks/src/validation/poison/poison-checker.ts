import type { CheckContext, Dataset } from "../../checker/checker.ts";
import { checkerParams } from "../../checker/checker-params.ts";
import { invalidVerdict } from "../../verdict/invalid-verdict.ts";
import type { Verdict } from "../../verdict/verdict.ts";
import { checkPoison } from "./check-poison.ts";

const NUMBERS = ["neighbours", "significance", "minimumShare", "sampleSize"] as const;
/**
 * `checkPoison` as a checker. Params: `label` (needed), `neighbours`, `significance`, `minimumShare`, `sampleSize`.
 *
 * @throws ChecksError SCANFLOW_CHECK_OPTION_INVALID when a param is wrong
 */
export async function poisonChecker(
  window: Dataset,
  reference: Dataset | null,
  context: CheckContext,
): Promise<Verdict> {
  const params = checkerParams(context, `Give label, and if need be ${NUMBERS.join(", ")}.`);
  const label = params.needText("label");
  const numbers = NUMBERS.flatMap((name) => {
    const value = params.given(name);
    return value === undefined ? [] : [[name, params.read.finite(value, name)]];
  });
  params.refuseOthers();
  if (reference === null)
    return invalidVerdict(
      "integrity",
      "Only a trusted reference shows what was tampered with: give one with labels.",
      label,
    );
  const seed = context.random("poison").below(2 ** 31);
  return checkPoison(window, reference, { label, seed, ...Object.fromEntries(numbers) });
}
