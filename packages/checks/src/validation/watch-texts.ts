import type { TextColumn } from "../batch/column.ts";
import { isValid } from "../batch/validity.ts";
import { formOf } from "../profile/text-form.ts";
import type { Counted, ValueWatch } from "./column-watch.ts";
import type { ColumnSchema } from "./schema.ts";
import { createSpots } from "./spots.ts";
import { matcherOf } from "./text-pattern.ts";

/** Of one text of a batch, which rules it breaks. */
interface Looks {
  readonly blank: boolean;
  readonly other: boolean;
  readonly unmatched: boolean;
  readonly misfit: boolean;
  readonly numeric: boolean;
}

export function watchTexts(schema: ColumnSchema): ValueWatch<TextColumn> {
  const { values, pattern, length } = schema;
  const known = values === undefined ? null : new Set(values);
  const plain = new Map((values ?? []).map((text) => [simplified(text), text]));
  const matches = pattern === undefined ? null : matcherOf(pattern);
  const [others, unmatched, misfits, numbers] = [createSpots(), createSpots(), createSpots(), createSpots()];
  let first: string | null = null;
  let same = true;
  let filled = 0;
  let alike: string | null = null;

  function look(text: string): Looks {
    const other = known !== null && !known.has(text);
    if (other) alike ??= plain.get(simplified(text)) ?? null;
    return {
      blank: text.trim() === "",
      other,
      unmatched: matches !== null && !matches(text),
      misfit: length !== undefined && (text.length < length[0] || text.length > length[1]),
      numeric: schema.numeric !== undefined && formOf(text) === "number",
    };
  }

  function add({ dictionary, codes, validity }: TextColumn, rows: number, firstRow: number): void {
    const looks = new Map<number, Looks>();
    for (let row = 0; row < rows; row += 1) {
      if (!isValid(validity, row)) continue;
      const code = codes[row] as number;
      const text = dictionary[code] ?? "";
      const found = looks.get(code) ?? look(text);
      looks.set(code, found);
      if (found.blank) continue;
      filled += 1;
      first ??= text;
      if (text !== first) same = false;
      if (found.other) others.add(firstRow + row, text);
      if (found.unmatched) unmatched.add(firstRow + row, text);
      if (found.misfit) misfits.add(firstRow + row, text);
      if (found.numeric) numbers.add(firstRow + row, text);
    }
  }

  function counted(): Counted[] {
    const hint = alike === null ? "" : `, some only by case or spaces ("${alike}" is one of them)`;
    return [
      {
        rule: "values",
        spots: others,
        of: filled,
        limit: schema.others ?? 0,
        what: `are not among the ${values?.length ?? 0} known ones${hint}`,
        action: 'mend them at their source, or add them to "values" in the schema and train with them',
      },
      {
        rule: "pattern",
        spots: unmatched,
        of: filled,
        limit: schema.unmatched ?? 0,
        what: `are not written as ${pattern}`,
        action: 'mend them at their source, or change "pattern" in the schema',
      },
      {
        rule: "length",
        spots: misfits,
        of: filled,
        limit: schema.lengthOutside ?? 0,
        what: `are shorter than ${length?.[0]} or longer than ${length?.[1]} characters`,
        action: "see whether texts were cut or joined",
        mild: true,
      },
      {
        rule: "numeric",
        spots: numbers,
        of: filled,
        limit: schema.numeric ?? 1,
        what: "are numbers among texts",
        action: "see whether two columns or sources were mixed",
      },
    ];
  }

  return { add, counted, same: () => first !== null && same };
}

function simplified(text: string): string {
  return text.trim().replaceAll(/\s+/g, " ").toLowerCase();
}
