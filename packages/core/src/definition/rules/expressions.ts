import {
  checkCondition,
  checkTypes,
  type NodeTypes,
  references,
  type TypeScope,
  type ValueType,
} from "../../expression/index.ts";
import { fits, oneOfType } from "../../expression/value-type.ts";
import { nearest } from "../../nearest.ts";
import type { ParamDefinition, ParamType } from "../definition.ts";
import type { Report } from "../problem.ts";
import type { DefinitionSite, NodeSite, WorkflowSite } from "../site.ts";
import { type ExpressionSite, expressionSites, namesIn } from "./expression-sites.ts";
import { itemType } from "./item-type.ts";
import { surroundings } from "./outer.ts";
import { checkNodeName } from "./references.ts";
import type { Rule } from "./rule.ts";

/** Expressions name what is there, and give what is wanted where they stand. */
export const checkExpressions: Rule = (definition, report) => {
  for (const workflow of definition.workflows) {
    const nodes = Object.fromEntries(
      [...workflow.named.keys(), ...workflow.unread].map((name) => [name, {}]),
    );
    const types = { params: paramTypes(workflow), nodes };
    for (const site of workflow.nodes) {
      for (const expression of expressionSites(site)) {
        checkExpression(expression, { definition, workflow, site, types, report });
      }
    }
  }
};

interface Scope {
  readonly definition: DefinitionSite;
  readonly workflow: WorkflowSite;
  readonly site: NodeSite;
  readonly types: {
    readonly params: Readonly<Record<string, ValueType>>;
    readonly nodes: Readonly<Record<string, NodeTypes>>;
  };
  readonly report: Report;
}

function checkExpression(found: ExpressionSite, scope: Scope): void {
  const { expression, path, use } = found;
  const { report } = scope;
  const types = knownTypes(found, scope);
  const { type, problems } =
    use.kind === "condition" ? checkCondition(expression, types) : checkTypes(expression, types);
  for (const { message, suggestion } of problems) {
    report({ code: "SCANFLOW_EXPRESSION_INVALID", message, path, suggestion });
  }
  if (problems.length > 0) return;
  if (use.kind === "list" && !fits(type, { list: "unknown" })) {
    const message = `map goes over a list, this expression gives ${oneOfType(type)}`;
    report({ code: "SCANFLOW_MAP_INVALID", message, path });
  }
  const wanted = use.kind === "param" ? boundParam(use.name, scope) : undefined;
  if (wanted && !fits(type, TYPES[wanted.type])) {
    const message = `expected a value of the type ${wanted.type}, this expression gives ${oneOfType(type)}`;
    report({ code: "SCANFLOW_TYPE_MISMATCH", message, path });
  }
}

/** The types of all names in the expression; unknown names are reported here and taken for anything after that. */
function knownTypes({ expression, path, item }: ExpressionSite, scope: Scope): TypeScope {
  const { workflow, site, types, report } = scope;
  const params = namesIn(expression, "params").filter((name) => !Object.hasOwn(types.params, name));
  const nodes = namesIn(expression, "nodes").filter((name) => !Object.hasOwn(types.nodes, name));
  for (const name of params) if (!workflow.broken.has("params")) reportParam(name, path, scope);
  for (const name of nodes) checkNodeName(name, path, scope);
  const misplaced = !item && references(expression).some(([root]) => root === "item");
  if (misplaced) {
    const message =
      "there is no item here: only the params and the condition of a node with map have one; hand it on as a parameter";
    report({ code: "SCANFLOW_EXPRESSION_MISPLACED", message, path });
  }
  return {
    params: params.length === 0 ? types.params : { ...types.params, ...all(params, "unknown") },
    nodes: nodes.length === 0 ? types.nodes : { ...types.nodes, ...all(nodes, {}) },
    item: item ? itemType(site.node) : "unknown",
  };
}

function reportParam(
  name: string,
  path: ExpressionSite["path"],
  { definition, workflow, report }: Scope,
): void {
  const { name: owner, params } = workflow.workflow;
  const outer = surroundings(definition, workflow).find((each) => Object.hasOwn(each.workflow.params, name));
  const hint = outer
    ? `workflow ${outer.workflow.name}, which contains it, has one: declare ${name} in ${owner} and hand it in under params`
    : `declare it under the workflow's params`;
  report({
    code: "SCANFLOW_PARAM_UNKNOWN",
    message: `workflow ${owner} has no parameter ${JSON.stringify(name)}; ${hint}`,
    path,
    suggestion: outer ? undefined : nearest(name, Object.keys(params)),
  });
}

/** The parameter of the nested workflow that the expression is bound to. */
function boundParam(name: string, { definition, site }: Scope): ParamDefinition | undefined {
  if (site.node.kind !== "workflow") return undefined;
  const params = definition.named.get(site.node.workflow)?.workflow.params ?? {};
  return Object.hasOwn(params, name) ? params[name] : undefined;
}

const TYPES: Readonly<Record<ParamType, ValueType>> = {
  string: "string",
  integer: "number",
  number: "number",
  boolean: "boolean",
  list: { list: "unknown" },
  object: "object",
};

function paramTypes({ workflow }: WorkflowSite): Readonly<Record<string, ValueType>> {
  return Object.fromEntries(Object.entries(workflow.params).map(([name, { type }]) => [name, TYPES[type]]));
}

function all<Value>(names: readonly string[], value: Value): Readonly<Record<string, Value>> {
  return Object.fromEntries(names.map((name) => [name, value]));
}
