import { bindAlike, comparable, filled, type Names } from "./names.ts";

/** What one server said. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** One request that both servers were asked, and what each said to it. */
export interface Difference {
  readonly asked: string;
  readonly ours: Answer;
  readonly theirs: Answer;
}

export type Fields = Readonly<Record<string, unknown>>;

/**
 * Two servers that are asked the same. Ids, tokens and times that a server chose are not compared; `{{name}}` in a
 * request stands for what each side calls it.
 */
export class Pair {
  readonly differences: Difference[] = [];
  asked = 0;
  readonly #urls: readonly [ours: string, theirs: string];
  readonly #names: readonly [Names, Names] = [new Map(), new Map()];

  constructor(ours: string, theirs: string) {
    this.#urls = [ours, theirs];
  }

  /** Asks for a route below `/api/2.0/mlflow/`, or for a path that starts with a slash; gives our server's answer. */
  async ask(where: string, fields: Fields | string = {}): Promise<Answer> {
    return (await this.#askBoth(where, fields)).ours;
  }

  /** Asks, and gives the name of what both sides answered at a path such as `run.info.run_id`. */
  async make(name: string, at: string, ...[where, fields]: Parameters<Pair["ask"]>): Promise<string> {
    const { ours, theirs } = await this.#askBoth(where, fields ?? {}, (sides) => {
      for (const [side, { body }] of sides.entries()) {
        const value = at
          .split(".")
          .reduce<unknown>((inside, key) => (inside as Fields | undefined)?.[key], body);
        if (typeof value !== "string") throw new Error(`no ${at} in ${JSON.stringify(sides)} to ${where}`);
        // Both count their experiments alike: such a number stays as it is.
        if (!/^\d+$/.test(value)) this.#names[side]?.set(value, `{{${name}}}`);
      }
    });
    const [one, other] = [ours.body as Fields, theirs.body as Fields];
    if (at !== "experiment_id") return `{{${name}}}`;
    if (one[at] !== other[at]) throw new Error(`the servers count differently: ${one[at]} and ${other[at]}`);
    return String(one[at]);
  }

  async #askBoth(
    where: string,
    fields: Fields | string,
    keep: (sides: readonly Answer[]) => void = () => {},
  ) {
    this.asked++;
    const [ours, theirs] = await Promise.all([this.#send(0, where, fields), this.#send(1, where, fields)]);
    keep([ours, theirs]);
    bindAlike(ours.body, theirs.body, this.#names);
    const shown = [ours, theirs].map(({ status, body }, side) => ({
      status,
      body: comparable(body, this.#names[side] ?? new Map()),
    }));
    const [one, other] = shown;
    if (one && other && JSON.stringify(one) !== JSON.stringify(other)) {
      const asked = `${where} ${typeof fields === "string" ? fields : JSON.stringify(fields)}`;
      this.differences.push({ asked, ours: one, theirs: other });
    }
    return { ours, theirs };
  }

  async #send(side: 0 | 1, where: string, fields: Fields | string): Promise<Answer> {
    const [method = "", path = ""] = where.split(" ");
    const text = filled(typeof fields === "string" ? fields : JSON.stringify(fields), this.#names[side]);
    const full = filled(path.startsWith("/") ? path : `/api/2.0/mlflow/${path}`, this.#names[side]);
    const query = method === "GET" ? queryOf(JSON.parse(text)) : "";
    const reply = await fetch(`${this.#urls[side]}${full}${query}`, {
      method,
      ...(method === "GET" ? {} : { headers: { "content-type": "application/json" }, body: text }),
    });
    const body = await reply.text();
    const isJson = reply.headers.get("content-type")?.startsWith("application/json") ?? false;
    return { status: reply.status, body: isJson ? JSON.parse(body) : body };
  }
}

function queryOf(fields: Fields): string {
  const pairs = Object.entries(fields).flatMap(([key, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [key, String(one)]),
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs)}`;
}
