import { combined, field, number, truth } from "./expr-operators.ts";
import { builtins, type Value } from "./expr-values.ts";
import { type Token, tokensOf } from "./tokens.ts";

/** What names stand for. A name that is not in it is an error, as Argo compiles expressions against what is there. */
export type Environment = Readonly<Record<string, Value>>;

/**
 * The value of an expression in the part of expr-lang (https://expr-lang.org/docs/language-definition) that our exports
 * use, by its definition: nil is an error for every operator but `==`, `!=`, `??`, `in` a list and `get`; there are no
 * truth values but true and false; `&&`, `||` and `? :` leave out what does not matter, but not its names.
 */
export function evaluateExpr(text: string, environment: Environment): Value {
  const reader = new Reader(tokensOf(text));
  const run = reader.whole();
  for (const name of reader.free) {
    if (!Object.hasOwn(environment, name)) throw new Error(`unknown name ${name}`);
  }
  return run({ names: environment, pointer: undefined });
}

interface Frame {
  readonly names: Environment;
  /** What `#` is. */
  readonly pointer: Value | undefined;
}

type Run = (frame: Frame) => Value;

/** Binary operators by how tightly they bind. */
const BINDING: Readonly<Record<string, number>> = {
  or: 10,
  "||": 10,
  and: 15,
  "&&": 15,
  "==": 20,
  "!=": 20,
  "<": 20,
  ">": 20,
  ">=": 20,
  "<=": 20,
  in: 20,
  contains: 20,
  startsWith: 20,
  endsWith: 20,
  "..": 25,
  "+": 30,
  "-": 30,
  "*": 60,
  "/": 60,
  "%": 60,
  "??": 500,
};

const PREDICATES = new Set(["all", "any", "none", "one", "filter", "map"]);

class Reader {
  readonly free = new Set<string>();
  readonly #tokens: readonly Token[];
  readonly #bound: string[] = [];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  whole(): Run {
    const run = this.#sequence();
    if (this.#now.kind !== "end") throw new Error(`"${this.#now.value}" is too much`);
    return run;
  }

  get #now(): Token {
    return this.#tokens[this.#at] ?? { kind: "end", value: "" };
  }

  #is(value: string): boolean {
    return this.#now.kind !== "string" && this.#now.value === value;
  }

  #take(value: string): boolean {
    if (!this.#is(value)) return false;
    this.#at += 1;
    return true;
  }

  #expect(value: string): void {
    if (!this.#take(value)) throw new Error(`"${value}" is missing before "${this.#now.value}"`);
  }

  #name(): string {
    const { kind, value } = this.#now;
    if (kind !== "name") throw new Error(`a name is missing before "${value}"`);
    this.#at += 1;
    return value;
  }

  /** `let x = …; …` or what has a value by itself. */
  #sequence(): Run {
    if (!this.#take("let")) return this.#ternary();
    const name = this.#name();
    if (this.#bound.includes(name) || Object.hasOwn(builtins, name)) throw new Error(`${name} is taken`);
    this.#expect("=");
    const value = this.#ternary();
    this.#expect(";");
    this.#bound.push(name);
    const body = this.#sequence();
    this.#bound.pop();
    return (frame) => body({ ...frame, names: { ...frame.names, [name]: value(frame) } });
  }

  #ternary(): Run {
    const test = this.#binary(0);
    if (!this.#take("?")) return test;
    const then = this.#ternary();
    this.#expect(":");
    const otherwise = this.#ternary();
    return (frame) => (truth(test(frame)) ? then(frame) : otherwise(frame));
  }

  #binary(least: number): Run {
    let left = this.#unary();
    for (;;) {
      const { kind, value } = this.#now;
      const negated = kind === "name" && value === "not";
      const operator = String(negated ? this.#tokens[this.#at + 1]?.value : value);
      const binding = kind === "string" || kind === "number" ? undefined : BINDING[operator];
      if (binding === undefined || binding < least) return left;
      this.#at += negated ? 2 : 1;
      const [before, after] = [left, this.#binary(binding + 1)];
      left = negated
        ? (frame) => !truth(operate(operator, before, after)(frame))
        : operate(operator, before, after);
    }
  }

  #unary(): Run {
    if (this.#take("!") || this.#take("not")) {
      const of = this.#binary(50);
      return (frame) => !truth(of(frame));
    }
    if (this.#take("-")) {
      const of = this.#binary(90);
      return (frame) => -number(of(frame));
    }
    return this.#postfix(this.#primary());
  }

  #postfix(first: Run): Run {
    let run = first;
    for (;;) {
      const of = run;
      if (this.#take(".")) {
        const key = this.#name();
        run = (frame) => field(of(frame), key);
      } else if (this.#take("[")) {
        const key = this.#sequence();
        this.#expect("]");
        run = (frame) => field(of(frame), key(frame));
      } else return run;
    }
  }

  #primary(): Run {
    const token = this.#now;
    if (token.kind === "number" || token.kind === "string") {
      this.#at += 1;
      return () => token.value;
    }
    if (this.#take("(")) {
      const inner = this.#sequence();
      this.#expect(")");
      return inner;
    }
    if (this.#take("[")) return this.#list();
    if (this.#take("{")) return this.#object();
    const name = this.#name();
    if (name === "true" || name === "false") return () => name === "true";
    if (name === "nil") return () => null;
    if (name === "#") return ({ pointer }) => pointer ?? null;
    if (this.#is("(")) return this.#call(name);
    if (!this.#bound.includes(name)) this.free.add(name);
    return ({ names }) => names[name] ?? null;
  }

  #list(): Run {
    const items: Run[] = [];
    while (!this.#take("]")) {
      items.push(this.#sequence());
      if (!this.#is("]")) this.#expect(",");
    }
    return (frame) => items.map((item) => item(frame));
  }

  #object(): Run {
    const entries: [string, Run][] = [];
    while (!this.#take("}")) {
      const key = String(this.#now.value);
      this.#at += 1;
      this.#expect(":");
      entries.push([key, this.#sequence()]);
      if (!this.#is("}")) this.#expect(",");
    }
    return (frame) => Object.fromEntries(entries.map(([key, value]) => [key, value(frame)]));
  }

  #call(name: string): Run {
    this.#expect("(");
    const first = this.#sequence();
    if (PREDICATES.has(name)) {
      this.#expect(",");
      this.#expect("{");
      const body = this.#sequence();
      this.#expect("}");
      this.#expect(")");
      return (frame) => overList(name, first(frame), (pointer) => body({ ...frame, pointer }));
    }
    const rest: Run[] = [first];
    while (this.#take(",")) rest.push(this.#sequence());
    this.#expect(")");
    const call = builtins[name];
    if (!call) throw new Error(`there is no function ${name}`);
    return (frame) => call(...rest.map((each) => each(frame)));
  }
}

function overList(name: string, list: Value, body: (item: Value) => Value): Value {
  if (!Array.isArray(list)) throw new Error(`${name} takes a list`);
  const items: readonly Value[] = list;
  switch (name) {
    case "map":
      return items.map(body);
    case "filter":
      return items.filter((item) => truth(body(item)));
    case "any":
      return items.some((item) => truth(body(item)));
    case "all":
      return items.every((item) => truth(body(item)));
    default:
      throw new Error(`${name} is not needed yet`);
  }
}

function operate(operator: string, left: Run, right: Run): Run {
  switch (operator) {
    case "||":
    case "or":
      return (frame) => truth(left(frame)) || truth(right(frame));
    case "&&":
    case "and":
      return (frame) => truth(left(frame)) && truth(right(frame));
    case "??":
      return (frame) => left(frame) ?? right(frame);
    default:
      return (frame) => combined(operator, left(frame), right(frame));
  }
}
