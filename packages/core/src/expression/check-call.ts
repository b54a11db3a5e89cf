import type { CallExpression, Expression } from "./ast.ts";
import type { FunctionInfo, Signature } from "./functions.ts";
import type { NameProblem } from "./names.ts";
import { fits, oneOfType, type ValueType } from "./value-type.ts";

/** What is wrong with a call, and where; undefined when it fits one of the function's signatures. */
export function callProblem(
  call: CallExpression,
  info: FunctionInfo,
  types: readonly ValueType[],
): (NameProblem & { readonly at: Expression }) | undefined {
  const { name, arguments: values } = call;
  const possible = info.signatures.filter((signature) => hasArity(signature, types.length));
  if (possible.length === 0) return { message: arityMessage(name, info, types.length), at: call };
  const misfit = misfitOf(possible, types, fits);
  if (misfit) {
    const found = oneOfType(types[misfit.position] ?? "unknown");
    const message = `${name} takes ${misfit.wanted} as argument ${misfit.position + 1}, this is ${found}`;
    return { message, at: values[misfit.position] ?? call };
  }
  if (name !== "exists" || values[0]?.kind === "reference" || values[0]?.kind === "index") return undefined;
  return { message: "exists takes a reference, such as nodes.train.result.accuracy", at: call };
}

/**
 * The first argument that does not fit the signature that fits longest, and what may stand there; undefined when
 * all arguments fit a signature.
 */
export function misfitOf<T>(
  signatures: readonly Signature[],
  values: readonly T[],
  fitting: (value: T, type: ValueType) => boolean,
): { readonly position: number; readonly wanted: string } | undefined {
  const positions = signatures.map((signature) =>
    values.findIndex((value, position) => !fitting(value, parameterAt(signature, position))),
  );
  if (positions.includes(-1)) return undefined;
  const position = Math.max(...positions);
  const wanted = signatures
    .filter((_, which) => positions[which] === position)
    .map((signature) => oneOfType(parameterAt(signature, position)));
  return { position, wanted: [...new Set(wanted)].join(" or ") };
}

/** Whether a call with so many arguments may mean this signature. */
export function hasArity({ parameters, rest }: Signature, count: number): boolean {
  return rest === undefined ? count === parameters.length : count >= parameters.length;
}

function parameterAt({ parameters, rest }: Signature, position: number): ValueType {
  return parameters[position] ?? rest ?? "unknown";
}

/** How many arguments a function takes, in words, and how many were found. */
export function arityMessage(name: string, { signatures }: FunctionInfo, found: number): string {
  const counts = signatures.map(({ parameters, rest }) => `${parameters.length}${rest ? " or more" : ""}`);
  const [most] = [...new Set(counts)].sort((a, b) => b.length - a.length);
  return `${name} takes ${most} ${most === "1" ? "argument" : "arguments"}, found ${found}`;
}
