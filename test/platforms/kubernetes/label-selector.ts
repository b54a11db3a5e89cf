/** Whether labels meet a selector of equalities, such as `app=scanflow,run!=old,task`. */
export function meets(
  labels: Readonly<Record<string, string>> | undefined,
  selector: string | null,
): boolean {
  if (!selector) return true;
  return selector.split(",").every((part) => {
    const [, key = "", operator = "", value = ""] =
      /^\s*([^!=\s]+)\s*(!=|==|=)?\s*(.*?)\s*$/.exec(part) ?? [];
    if (operator === "") return labels?.[key] !== undefined;
    return (labels?.[key] === value) === (operator !== "!=");
  });
}
