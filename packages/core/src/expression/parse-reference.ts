import { type Expression, type ReferenceExpression, referenceExpression } from "./ast.ts";
import type { Cursor } from "./cursor.ts";
import { pathProblem, rootsOf, withNearest } from "./names.ts";
import { ExpressionSyntaxError } from "./syntax-error.ts";
import { quoted } from "./values.ts";

const NAME = /[A-Za-z_]\w*/y;
/** Behind `nodes.` a hyphen belongs to the name: a node alone is not a value that one could subtract from. */
const NODE_NAME = /\w[\w-]*/y;

/** Takes the first name of a reference. */
export function takeRoot(cursor: Cursor): ReferenceExpression {
  const token = cursor.peek();
  const name = token.type === "word" ? token.text : "";
  const roots = rootsOf(cursor.names);
  if (!roots.includes(name)) {
    throw cursor.failure("a value", unknownNameHint(cursor, name, roots));
  }
  cursor.take();
  return referenceExpression([name]);
}

function unknownNameHint(cursor: Cursor, name: string, roots: readonly string[]): string {
  const { message, suggestion } = withNearest(`there is no name ${quoted(name)}`, name, roots);
  if (suggestion !== undefined) return message;
  if (cursor.text[cursor.start - 1] === "-") return `${message}; a name with a hyphen is written x["a-b"].`;
  return `${message}; a string is written in quotes.`;
}

/** Takes the name behind a `.`. */
export function takeKey(cursor: Cursor, object: Expression): string {
  const ofNodes = object.kind === "reference" && object.path.length === 1 && object.path[0] === "nodes";
  const key = cursor.takeMatch(ofNodes ? NODE_NAME : NAME);
  if (key === "") throw cursor.failure("a name", 'Write x.name, x["any name"] or x[0].');
  return key;
}

/** Throws when a reference that ends here cannot be one, such as `nodes.train` alone. */
export function assertReference(cursor: Cursor, start: number, expression: Expression): void {
  if (expression.kind !== "reference") return;
  const problem = pathProblem(expression.path, cursor.names);
  if (problem === undefined) return;
  throw new ExpressionSyntaxError(cursor.text, {
    offset: start,
    found: quoted(cursor.text.slice(start, cursor.offset)),
    expected: "a reference to a value",
    hint: `${problem.message}.`,
  });
}
