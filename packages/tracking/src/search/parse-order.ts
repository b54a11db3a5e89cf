import { invalid } from "../refusal.ts";
import type { Order } from "./clause.ts";
import type { Grammar } from "./grammar.ts";
import { resolveName } from "./parse-filter.ts";
import { Scanner } from "./scanner.ts";

const mostOrders = 20;

/** Parses `name`, `name ASC`, `name DESC`, each its own text. Errors: SCANFLOW_TRACKING_INVALID. */
export function parseOrders(orders: readonly string[], grammar: Grammar): Order[] {
  if (orders.length > mostOrders) throw invalid(`order_by can have at most ${mostOrders} fields.`);
  const parsed = orders.map((order) => parseOrder(order, grammar));
  const fields = parsed.map(({ entity, key }) => fieldOf(grammar, entity, key));
  if (new Set(fields).size < fields.length) {
    throw invalid(`\`order_by\` contains duplicate fields: [${orders.map((one) => `'${one}'`).join(", ")}]`);
  }
  return parsed;
}

function parseOrder(order: string, grammar: Grammar): Order {
  const unparsed = () => invalid(`Invalid order_by clause '${order}'. Could not be parsed.`);
  const scanner = new Scanner(order);
  const name = scanner.name();
  if (!name) throw unparsed();
  const descending = scanner.word("DESC");
  if (!descending) scanner.word("ASC");
  if (!scanner.atEnd) {
    if (/^[\p{L}\p{N}_]+\s*$/u.test(scanner.rest)) {
      throw invalid(`Invalid ordering key in order_by clause '${order}'.`);
    }
    throw unparsed();
  }
  const [entity, key] = resolveName(name, grammar, "order");
  if (entity === "dataset") throw invalid(`Invalid identifier type '${entity}'`);
  return { entity, key, ascending: !descending };
}

/** Aliases of one column are one field. */
function fieldOf(grammar: Grammar, entity: string, key: string): string {
  const column = entity === "attribute" ? grammar.attributes[key]?.sql : undefined;
  return column ?? `${entity} ${key}`;
}
