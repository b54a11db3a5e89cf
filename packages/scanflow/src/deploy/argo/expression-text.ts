import type { Expression, PlanTask } from "@scanflow/core";
import { literalText, stringText } from "./literal-text.ts";
import { referenceText } from "./reference-text.ts";
import { joined, plain, type Scope, type Text, text } from "./scope.ts";

/** Where an expression of the plan stands. */
export interface Site {
  readonly scope: Scope;
  readonly task: PlanTask;
  /** Is told whose results are read. */
  readonly results: Set<string>;
}

/**
 * An expression of the plan in Argo's language (expr-lang). What is missing is nil there, as it is null here: every
 * operator asks first where Argo's would raise an error. Numbers are written with a dot, since JSON gives only such.
 */
export function expressionText(site: Site, expression: Expression): Text {
  const of = (part: Expression) => expressionText(site, part);
  switch (expression.kind) {
    case "literal":
      return plain(literalText(expression.value));
    case "list":
      return text`[${joined(expression.items.map(of), ", ")}]`;
    case "object": {
      const entries = expression.entries.map(({ key, value }) => text`${stringText(key)}: ${of(value)}`);
      return text`{${joined(entries, ", ")} }`;
    }
    case "reference":
      return referenceText(site, expression.path);
    case "unary":
      if (expression.op === "not") return text`!(${truth(of(expression.operand))})`;
      return withValues([of(expression.operand)], ([a = ""]) => `-${a}`, "nil");
    case "binary":
      return binaryText(site, expression);
    case "conditional":
      return text`(${truth(of(expression.test))} ? ${of(expression.then)} : ${of(expression.otherwise)})`;
    case "call":
      return callText(expression.name, expression.arguments.map(of));
    case "index":
      return text`get(${of(expression.object)}, ${of(expression.index)})`;
  }
}

/** A condition: anything but true is no reason. */
export function truth(condition: Text): Text {
  return text`(${condition}) == true`;
}

function binaryText(site: Site, { op, left, right }: Expression & { kind: "binary" }): Text {
  const [a, b] = [expressionText(site, left), expressionText(site, right)];
  switch (op) {
    case "and":
      return text`(${truth(a)} && ${truth(b)})`;
    case "or":
      return text`(${truth(a)} || ${truth(b)})`;
    case "==":
    case "!=":
      return text`(${a} ${op} ${b})`;
    case "in":
      return withValues([a, b], ([x = "", y = ""]) => holdsText(x, y), "false");
    case "not in":
      return withValues([a, b], ([x = "", y = ""]) => `!(${holdsText(x, y)})`, "false");
    case "/":
      return withValues([a, b], ([x = "", y = ""]) => `(${y} == 0 ? nil : ${x} / ${y})`, "nil");
    case "%":
      return withValues(
        [a, b],
        ([x = "", y = ""]) => `(${y} == 0 ? nil : ${x} - ${y} * floor(${x} / ${y}))`,
        "nil",
      );
    case "+":
    case "-":
    case "*":
      return withValues([a, b], ([x = "", y = ""]) => `${x} ${op} ${y}`, "nil");
    default:
      return withValues([a, b], ([x = "", y = ""]) => `${x} ${op} ${y}`, "false");
  }
}

function holdsText(part: string, whole: string): string {
  return `(type(${whole}) == 'string' ? ${whole} contains ${part} : ${part} in ${whole})`;
}

/** What `use` makes of values, or what stands for null when one of them is nil. Long values get names. */
function withValues(
  values: readonly Text[],
  use: (names: readonly string[]) => string,
  missing: string,
): Text {
  let last = Math.max(
    0,
    ...values.flatMap(({ text: each }) => [...each.matchAll(/let v(\d+) /g)].map(([, at]) => Number(at))),
  );
  const named = values.map((value) => {
    const isSure = /^(?:-?[\d.]+|'[^']*'|true|false)$/.test(value.text);
    const isShort = isSure || value.text.length < 60;
    if (!isShort) last += 1;
    return { value, isSure, name: isShort ? value.text : `v${last}`, isShort };
  });
  const lets = named
    .filter(({ isShort }) => !isShort)
    .map(({ name, value }) => text`let ${name} = ${value}; `);
  const missed = named.filter(({ isSure }) => !isSure).map(({ name }) => `${name} == nil`);
  const made = use(named.map(({ name }) => name));
  const reads = new Set(values.flatMap((value) => [...value.reads]));
  if (missed.length === 0) return { text: `(${made})`, reads };
  const asked =
    missing === "false" ? `!(${missed.join(" || ")}) && ${made}` : `${missed.join(" || ")} ? nil : ${made}`;
  return { text: `(${lets.map((each) => each.text).join("")}${asked})`, reads };
}

function callText(name: string, values: readonly Text[]): Text {
  const [a = plain("nil")] = values;
  const ofOne = (use: (x: string) => string) => withValues([a], ([x = ""]) => use(x), "nil");
  const ofTwo = (use: (x: string, y: string) => string) =>
    withValues(values, ([x = "", y = ""]) => use(x, y), "nil");
  switch (name) {
    case "min":
    case "max": {
      const list = values.length === 1 ? text`flatten([${a}])` : text`[${joined(values, ", ")}]`;
      const known = text`filter(${list}, {# != nil})`;
      return text`(len(${known}) == 0 ? nil : ${name}(${known}))`;
    }
    case "abs":
    case "round":
    case "floor":
    case "ceil":
    case "lower":
    case "upper":
    case "len":
    case "string":
      return ofOne((x) => `${name}(${x})`);
    case "contains":
      return ofTwo((x, y) => holdsText(y, x));
    case "startswith":
      return ofTwo((x, y) => `${x} startsWith ${y}`);
    case "endswith":
      return ofTwo((x, y) => `${x} endsWith ${y}`);
    case "coalesce":
      return text`(${joined(values, " ?? ")})`;
    case "exists":
      return text`(${a} != nil)`;
    default:
      throw new Error(`Argo has no "${name}". Report this as a bug: it was to be refused.`);
  }
}
