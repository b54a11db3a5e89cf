import fc from "fast-check";
import { expect } from "vitest";
import type { Page } from "../context.ts";
import type { Clause, Order } from "./clause.ts";
import {
  inOrder,
  matches,
  type Spelling,
  type Subject,
  spelling,
  writeClause,
  writeOrder,
} from "./evaluator.support.ts";
import type { Grammar } from "./grammar.ts";

/** A search, and how it is written. */
export interface Question {
  readonly clauses: readonly (readonly [Clause, Spelling])[];
  readonly orders: readonly Order[];
  readonly how: Spelling;
}

export function questions(
  one: fc.Arbitrary<Clause>,
  orders: fc.Arbitrary<Order[]>,
): fc.Arbitrary<Question[]> {
  const question = fc.record({
    clauses: fc.array(fc.tuple(one, spelling), { maxLength: 3 }),
    orders,
    how: spelling,
  });
  return fc.array(question, { minLength: 10, maxLength: 20 });
}

export interface Searched {
  readonly grammar: Grammar;
  readonly subjects: readonly Subject[];
  /** What decides where the orders do not. */
  readonly tail: readonly Order[];
  readonly accepts?: (subject: Subject, clauses: readonly Clause[]) => boolean;
  readonly find: (search: {
    filter: string;
    orderBy: string[];
    maxResults: number;
    pageToken?: string | undefined;
  }) => Promise<Page<string>>;
}

const acceptsAll = (subject: Subject, clauses: readonly Clause[]) =>
  clauses.every((one) => matches(subject, one));

/** Asks page by page and compares with looking at each row by itself. */
export async function checkSearch({ clauses, orders, how }: Question, searched: Searched): Promise<void> {
  const { grammar, subjects, tail, accepts = acceptsAll, find } = searched;
  const filter = clauses.map(([one, spelled]) => writeClause(one, spelled, grammar)).join(" AND ");
  const orderBy = orders.map((one) => writeOrder(one, how, grammar));
  const plain = clauses.map(([one]) => one);
  const expected = subjects
    .filter((subject) => accepts(subject, plain))
    .toSorted(inOrder([...orders, ...tail]))
    .map(({ id }) => id);
  const found: string[] = [];
  let pageToken: string | undefined;
  do {
    const page = await find({ filter, orderBy, maxResults: 3, pageToken });
    found.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken);
  expect([filter, orderBy, found]).toEqual([filter, orderBy, expected]);
}
