import { binaryExpression, type Expression } from "./ast.ts";
import { type Choice, type ChoiceBranch, type ChoiceTargets, isReservedTarget } from "./choice.ts";
import { Cursor } from "./cursor.ts";
import { parseConditional, peekBareWord, takeBareWord } from "./grammar.ts";
import { matchAt, skipSpace } from "./lexer.ts";
import { assertTextLength, assertWithinLimits } from "./limits.ts";
import { RESERVED_WORDS } from "./operators.ts";
import { spanOf, withSpan } from "./spans.ts";
import { quoted } from "./values.ts";

const TARGET_NAME = /[A-Za-z0-9_][A-Za-z0-9_-]*/y;
const QUOTED_TARGET = /"[A-Za-z0-9_][A-Za-z0-9_-]*"|'[A-Za-z0-9_][A-Za-z0-9_-]*'/y;

/*
 * choice  = "if" condition "run" targets { [","] "elif" condition ["run"] targets } [ [","] "else" ["run"] targets ]
 * targets = target { "then" target } | target { "or" target }
 * target  = ["workflow"] ( name | quoted name )
 */

/**
 * Reads a choice, such as
 * `if device is typeA run workflow A, elif typeB run B1 or B2, else C1 then C2 then C3`.
 *
 * A condition ends at the word `run`; behind it, `A then B` runs one after the other and `A or B` the first that
 * succeeds. `device is typeA` means `device.kind == "typeA"`; an `elif` with a single bare word asks the same of
 * the subject of the condition before it. The word `workflow`, commas and line breaks change nothing.
 *
 * Throws `SCANFLOW_EXPRESSION_SYNTAX` (an `ExpressionSyntaxError`) and `SCANFLOW_EXPRESSION_LIMIT`.
 */
export function parseChoice(text: string): Choice {
  assertTextLength(text);
  const cursor = new Cursor(text, "definition");
  cursor.takeOnly("if", "Write if CONDITION run NODE, elif CONDITION run NODE, else NODE.");
  const first = parseCondition(cursor);
  cursor.takeIf(",");
  cursor.takeOnly("run", "A condition ends with the word run, and the nodes to run follow.");
  const branches: ChoiceBranch[] = [branch(first, parseTargets(cursor))];
  let when: Expression | null = first;
  while (when !== null && cursor.peek().type !== "end") {
    cursor.takeIf(",");
    when = parseNextCondition(cursor, when);
    if (when !== null) cursor.takeIf(",");
    cursor.takeIf("run");
    branches.push(branch(when, parseTargets(cursor)));
  }
  if (cursor.peek().type !== "end") throw cursor.failure("the end", "Nothing may follow the nodes of else.");
  return Object.freeze({ branches: Object.freeze(branches) });
}

function branch(when: Expression | null, run: ChoiceTargets): ChoiceBranch {
  return Object.freeze({ when, run });
}

function parseNextCondition(cursor: Cursor, before: Expression): Expression | null {
  if (cursor.takeIf("else")) return null;
  if (!cursor.takeIf("elif")) {
    throw cursor.failure(
      '"then", "or", "elif", "else" or the end',
      "Join nodes with then (one after the other) or with or (the first that succeeds), or begin the next branch with elif or else.",
    );
  }
  return standsAlone(cursor) ? repeated(cursor, before) : parseCondition(cursor);
}

function parseCondition(cursor: Cursor): Expression {
  const condition = parseConditional(cursor);
  assertWithinLimits(condition);
  return condition;
}

const NEXT_WORD = /["']|[A-Za-z0-9_][\w-]*/y;

/** Whether a bare word comes next and the condition ends behind it. */
function standsAlone(cursor: Cursor): boolean {
  const word = peekBareWord(cursor);
  if (word === "") return false;
  const next = matchAt(NEXT_WORD, cursor.text, skipSpace(cursor.text, cursor.start + word.length));
  return next !== "" && !RESERVED_WORDS.has(next);
}

/** The condition before it, asked for another word. */
function repeated(cursor: Cursor, before: Expression): Expression {
  const comparison =
    before.kind === "binary" && (before.op === "==" || before.op === "!=") ? before : undefined;
  if (comparison?.right.kind !== "literal") {
    throw cursor.failure(
      "a condition",
      "A single word repeats the subject of the condition before it, as in if device is typeA ..., elif typeB ...; that condition has no such subject: write the whole condition.",
    );
  }
  const word = takeBareWord(cursor);
  const span = spanOf(word);
  const condition = binaryExpression("==", comparison.left, word);
  return span ? withSpan(condition, span) : condition;
}

function parseTargets(cursor: Cursor): ChoiceTargets {
  const targets: string[] = [];
  addTarget(cursor, targets);
  const joint = ["then", "or"].find((word) => cursor.at(word));
  while (joint !== undefined && cursor.takeIf(joint)) addTarget(cursor, targets);
  if (cursor.at("then") || cursor.at("or")) {
    throw cursor.failure(
      `${quoted(joint ?? "")} or the next branch`,
      "then and or cannot be mixed in one branch: put one of the groups into a workflow of its own.",
    );
  }
  Object.freeze(targets);
  return Object.freeze(joint === "or" ? { firstOf: targets } : { sequence: targets });
}

function addTarget(cursor: Cursor, targets: string[]): void {
  if (cursor.at("workflow") && namedBehind(cursor)) cursor.take();
  const name = peekTarget(cursor);
  if (name === "") {
    throw cursor.failure(
      "the name of a node",
      "Write the name of a node: letters, digits, - and _; quote a name that is a word of the language.",
    );
  }
  if (targets.includes(name)) {
    throw cursor.failure("another node", `${quoted(name)} stands twice in this branch: remove one.`);
  }
  cursor.takeMatch(cursor.peek().type === "string" ? QUOTED_TARGET : TARGET_NAME);
  targets.push(name);
}

/** Whether the word `workflow` is followed by the name that it introduces. */
function namedBehind(cursor: Cursor): boolean {
  const next = matchAt(NEXT_WORD, cursor.text, skipSpace(cursor.text, cursor.start + "workflow".length));
  return next !== "" && !isReservedTarget(next);
}

function peekTarget(cursor: Cursor): string {
  const name = cursor.peekMatch(QUOTED_TARGET).slice(1, -1);
  if (name !== "") return name;
  const bare = cursor.peekMatch(TARGET_NAME);
  return isReservedTarget(bare) ? "" : bare;
}
