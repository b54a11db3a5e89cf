import { z } from "zod";

/**
 * The types of the protocol's fields. Whole and real numbers may come as numbers or as text (query strings,
 * the R client); null is the same as absent; unknown fields are dropped.
 */

/** A text that must be there and not be empty. */
export const required = z.string().min(1);

export const text = optional(z.string());

/** A whole number, exact up to 2^53. R writes 100000 as `1e+05`. */
export const whole = z
  .union([
    z.number().int(),
    z
      .string()
      .regex(/^\s*[-+]?\d+((\.\d+)?e\+?\d+)?\s*$/i)
      .transform(Number),
  ])
  .refine(Number.isSafeInteger);

/** A real number; NaN and the infinities come as text. */
export const real = z.union([
  z.number(),
  z
    .string()
    .regex(/^\s*([-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?|NaN|[-+]?Infinity)\s*$/)
    .transform(Number),
]);

export const flag = optional(
  z.union([
    z.boolean(),
    z
      .string()
      .regex(/^(true|false)$/i)
      .transform((value) => value.toLowerCase() === "true"),
  ]),
);

export function optional<T extends z.ZodType>(type: T) {
  return type.nullish().transform((value) => value ?? undefined);
}

const lists = new WeakSet<z.ZodType>();

/** A list; in a query string a single value is a list of one. */
export function list<T extends z.ZodType>(item: T) {
  const type = z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);
  lists.add(type);
  return type;
}

export function isList(type: z.ZodType | undefined): boolean {
  return type !== undefined && lists.has(type);
}

/** One of the names, or its number in the protocol's enumeration (counting from `first`). */
export function oneOf<const T extends readonly string[]>(names: T, first: number) {
  return z.union([
    z.enum(names),
    z
      .union([z.number(), z.string().regex(/^\d+$/).transform(Number)])
      .transform((value, context): T[number] => {
        const name = names[value - first];
        if (name === undefined) context.addIssue({ code: "custom", message: "unknown" });
        return name ?? "";
      }),
  ]);
}

export const keyValue = z
  .object({ key: required, value: optional(z.string()) })
  .transform(({ key, value }) => ({
    key,
    value: value ?? "",
  }));

export const viewType = optional(oneOf(["ACTIVE_ONLY", "DELETED_ONLY", "ALL"], 1));

/** `run_id`, or its old name `run_uuid`. */
export const runIdFields = { run_id: text, run_uuid: text };

/**
 * The same type, without a look at each field where all of it `isPlain`: where many small things come at once,
 * checking them one by one costs more than storing them.
 */
export function quick<T>(type: z.ZodType<T>, isPlain: (value: unknown) => boolean) {
  const either = z
    .unknown()
    .optional()
    .transform((value, context): T => {
      if (isPlain(value)) return value as T;
      const parsed = type.safeParse(value);
      if (parsed.success) return parsed.data;
      for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as never);
      return z.NEVER;
    });
  if (isList(type)) lists.add(either);
  return either;
}
