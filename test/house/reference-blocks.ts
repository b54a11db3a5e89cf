import {
  BINARY_OPERATORS,
  documentSchema,
  FUNCTIONS,
  type FunctionInfo,
  ROOTS,
  type ValueType,
} from "@scanflow/core";
import { conformanceTable } from "../conformance/table.ts";
import { errorTables } from "./error-tables.ts";
import { keyTable, type Schema } from "./key-table.ts";
import { routeRoles } from "./route-roles.ts";

/** Makes the text of a block; is given the one that stands there, for what only the page knows. */
type Make = (before: string) => string;

const BLOCK = /(<!-- generated: ([\w-]+) -->\n)((?:(?!<!-- ).*\n)*)(<!-- end -->)/g;

/** A page with its generated blocks made anew. */
export async function renewed(page: string): Promise<string> {
  const blocks = await makers();
  return page.replaceAll(BLOCK, (_, start: string, name: string, before: string, end: string) => {
    const make = blocks.get(name);
    if (!make) throw new Error(`There is nothing to make the block "${name}" from.`);
    return `${start}\n${make(before)}\n\n${end}`;
  });
}

/** What to do about each code, as the page of errors says. */
export function remediesIn(page: string): Map<string, string> {
  const rows = page.matchAll(/^\| `(SCANFLOW_\w+)` +\| [^|]* \| ([^|]*?) *\|$/gm);
  return new Map(Array.from(rows, ([, code = "", remedy = ""]) => [code, remedy]));
}

async function makers(): Promise<Map<string, Make>> {
  const tables = await errorTables();
  const errors = tables.map(({ room, codes }): [string, Make] => [
    `errors-${room.replaceAll(/\W+/g, "-").replace(/^-/, "")}`,
    (before) => {
      const remedies = remediesIn(before);
      const rows = Object.entries(codes).map(([code, when]) => [
        `\`${code}\``,
        when,
        remedies.get(code) ?? "",
      ]);
      return table(["code", "when", "what to do"], rows);
    },
  ]);
  const routes = await routeRoles();
  const functions = Object.entries(FUNCTIONS).map(([name, info]) => [usage(name, info), info.doc]);
  const operators = Object.entries(BINARY_OPERATORS)
    .toSorted(([, a], [, b]) => b.precedence - a.precedence)
    .map(([operator, { doc }]) => [`\`${operator}\``, doc.replaceAll("|", "\\|")]);
  const names = Object.values(ROOTS)
    .filter((root) => root.names !== "plan")
    .map(({ form, doc }) => [`\`${form}\``, doc]);
  const schema = documentSchema() as Schema;
  const keys = KEY_TABLES.map(({ name, of, without = [] }): [string, Make] => [
    `keys-${name}`,
    () => table(["key", "what it is"], keyTable(schema, of, without)),
  ]);
  const [conformanceHead = [], ...conformance] = conformanceTable();
  return new Map<string, Make>([
    ...errors,
    ...keys,
    ["conformance", () => table(conformanceHead, conformance)],
    ["tracker-routes", () => table(["route", "role"], routes)],
    ["functions", () => table(["function", "what it gives"], functions)],
    ["operators", () => table(["operator", "what it means"], operators)],
    ["names", () => table(["name", "what it is"], names)],
  ]);
}

const SHARED = ["kind", "description", "when", "after"];
const RUNNABLE = ["run", "code", "inputs", "outputs", "params", "env", "secrets", "map", "allowFailure"];
const INHERITED = ["environment", "resources", "placement", "retry", "timeout", "cache"];
const ofNodes = [...SHARED, ...RUNNABLE, ...INHERITED];

/** Names of tables of keys, with the schema's definitions that they show. */
const KEY_TABLES: readonly { name: string; of: string; without?: readonly string[] }[] = [
  { name: "application", of: "" },
  { name: "workflow", of: "Workflow" },
  { name: "executor", of: "Executor", without: ["kind"] },
  { name: "checker", of: "Checker", without: ofNodes },
  { name: "service", of: "Service", without: ofNodes },
  { name: "nested", of: "NestedWorkflow", without: SHARED },
  { name: "choice", of: "Choice", without: SHARED },
  { name: "approval", of: "Approval", without: SHARED },
  { name: "labeling", of: "Labeling", without: SHARED },
  { name: "tracker", of: "Tracker", without: ["kind"] },
  { name: "resources", of: "Resources" },
  { name: "placement", of: "Placement" },
  { name: "retry", of: "Retry" },
  { name: "timeout", of: "Timeout" },
  { name: "schedule", of: "Schedule" },
  { name: "param", of: "ParamDefinitions" },
  { name: "output", of: "Outputs" },
];

/** `min(list of numbers)`, `min(number, number …)`. */
function usage(name: string, { signatures }: FunctionInfo): string {
  const calls = signatures.map(({ parameters, rest }) => {
    const further = rest === undefined ? [] : [`${typeName(rest)} …`];
    return `\`${name}(${[...parameters.map(typeName), ...further].join(", ")})\``;
  });
  return calls.join(", ");
}

function typeName(type: ValueType): string {
  if (typeof type === "string") return type === "unknown" ? "value" : type;
  if ("object" in type) return "object";
  return type.list === "unknown" ? "list" : `list of ${typeName(type.list)}s`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, head.map(() => "---"), ...rows];
  return all.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
