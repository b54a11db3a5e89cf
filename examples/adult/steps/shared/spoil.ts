import { LABEL, type Person, POSITIVE } from "./people.ts";

type People = readonly Person[];

/** Something that happens to data between their source and the model. */
export type Change = (people: People, trusted: People) => People;

/** Ten faults, of which each breaks one rule of the schema; a renamed column breaks two. */
export const FAULTS: readonly Change[] = [
  // Rows that are delivered twice, and rows that the model is trained on.
  (people) => [...people, ...people.slice(1500, 1750)],
  (people, trusted) => [...people, ...trusted.slice(0, 200)],
  // Ages in days.
  (people) =>
    put(people, "age", { from: 10, rows: 3, value: ({ age }) => `${Math.round(Number(age) * 365.25)}` }),
  // A word among numbers.
  (people) => put(people, "hours-per-week", { from: 40, rows: 1, value: () => "forty" }),
  // Small letters.
  (people) => put(people, "sex", { from: 100, rows: 25, value: ({ sex = "" }) => sex.toLowerCase() }),
  // A level that nobody knows.
  (people) => put(people, "education", { from: 200, rows: 30, value: () => "Bootcamp" }),
  // Values that get lost.
  (people) => put(people, "workclass", { from: 500, rows: 500, value: () => "" }),
  // One value for all.
  (people) => put(people, "race", { from: 0, rows: people.length, value: () => "White" }),
  // A column by another name.
  (people) =>
    people.map(({ "marital-status": status = "", ...person }) => ({ ...person, marital_status: status })),
];

/** What an attacker does who breaks no rule: every 12th label is turned round, and people like no others are slipped in. */
export const POISON: readonly Change[] = [
  (people) =>
    people.map((person, row) =>
      row % 12 === 5 ? { ...person, [LABEL]: person[LABEL] === POSITIVE ? "<=50K" : POSITIVE } : person,
    ),
  (people) => [
    ...people,
    ...people.slice(0, 120).map((person) => ({
      ...person,
      age: "90",
      "hours-per-week": "60",
      "marital-status": "Married-spouse-absent",
      relationship: "Own-child",
      occupation: "Priv-house-serv",
      [LABEL]: POSITIVE,
    })),
  ],
];

interface Place {
  readonly from: number;
  readonly rows: number;
  readonly value: (person: Person) => string;
}

function put(people: People, name: string, { from, rows, value }: Place): People {
  return people.map((person, row) =>
    row >= from && row < from + rows ? { ...person, [name]: value(person) } : person,
  );
}
