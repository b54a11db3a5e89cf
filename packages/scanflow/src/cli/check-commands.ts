import type { CommandRow, OptionRow } from "./command.ts";

/** How files of data are read: the same for every command that reads them. */
const READING: readonly OptionRow[] = [
  { flags: "--columns <names>", description: "only these columns, with commas between them" },
  { flags: "--names <names>", description: "names of the columns of a CSV file without a header" },
  { flags: "--no-header", description: "the first line of a CSV file is data" },
  {
    flags: "--delimiter <text>",
    description: "what stands between the cells of CSV (default: seen in its first line)",
  },
  { flags: "--null <text>", description: "a text of CSV that means missing, such as ?", repeat: true },
  { flags: "--trim", description: "texts of CSV without the spaces round them" },
  { flags: "--text <column>", description: "read this column of CSV as text", repeat: true },
  {
    flags: "--query <sql>",
    description: "SQL that gives the rows; a file of text or Parquet is the table data",
  },
];

const SEED = { flags: "--seed <number>", description: "of what is drawn by chance (default: 1)" };
const DATA = "CSV, Parquet, JSON lines, .duckdb or .sqlite (FILE#TABLE), IDX; a glob in quotes";

/** How a stream is followed. */
const STREAM: readonly OptionRow[] = [
  { flags: "--stream <name>", description: "judge this stream window by window, as its records come" },
  {
    flags: "--window <size>",
    description: "of a stream: records such as 500, or a time such as 10m by the records' own times",
  },
  { flags: "--slide <size>", description: "from one window to the next (default: the window's size)" },
  { flags: "--lateness <time>", description: "how much later than others a record may come (default: 0)" },
  {
    flags: "--detector <name>",
    description: "watch one column record by record instead: adwin, page-hinkley, ddm, …",
  },
  { flags: "--column <name>", description: "the column that the detector watches" },
  {
    flags: "--cool-down <windows>",
    description: "after an alarm, for how many windows others are not told (default: 0)",
  },
  {
    flags: "--name <name>",
    description: "under which its place and verdicts are kept (default: the checks' names)",
  },
  { flags: "--from-end", description: "begin with what comes from now on, not with what is there" },
  { flags: "--once", description: "end when all records that are there have been judged" },
  { flags: "--verdicts", description: "print the verdicts that are kept, and judge nothing" },
  {
    flags: "--store <place>",
    description: "where the stream lies (default: .scanflow/streams.db of the application)",
  },
];

/** The commands that judge data. */
export const checkCommands: readonly CommandRow[] = [
  {
    name: "check",
    summary: "judge data: drift, integrity and more; exits with 1 on an alarm, with 2 when it cannot judge",
    options: [
      { flags: "--current <data>", description: `what is judged: ${DATA}` },
      { flags: "--reference <data>", description: "what it is judged by: data, or a profile that was saved" },
      {
        flags: "--check <check>",
        description: "a checker by name, a module or a command (default: drift)",
        repeat: true,
      },
      { flags: "--schema <file>", description: "hold the data against the rules of this schema, too" },
      { flags: "--model-tests <file>", description: "hold the model against the tests of this file" },
      {
        flags: "--params <json>",
        description: "settings of the check; of several: an object by their names",
      },
      {
        flags: "--file <name=path>",
        description: "a further file that the check needs, such as schema=schema.json",
        repeat: true,
      },
      { flags: "--html <file>", description: "write a page that shows it all, with pictures" },
      { flags: "--list", description: "list the checkers that are built in, with their params" },
      { flags: "--timeout <time>", description: "how long a checker of one's own may take (default: 60s)" },
      SEED,
      ...READING,
      ...STREAM,
    ],
    load: () => import("./commands/check.ts"),
  },
  {
    name: "profile",
    arguments: "<data>",
    about: [DATA],
    summary: "sum up data: what each column holds; kept with --out, it stands for the data in later checks",
    options: [
      { flags: "--out <file>", description: "write the profile to this JSON file" },
      { flags: "--like <profile>", description: "count in the bins of this profile" },
      { flags: "--sample <count>", description: "rows that are kept (default: 10000)" },
      {
        flags: "--slice <column>",
        description: "sum up the rows of each of its values apart as well",
        repeat: true,
      },
      {
        flags: "--bucket <column=time>",
        description: "sum up spans of a column of times apart as well, such as at=1d",
      },
      SEED,
      ...READING,
    ],
    load: () => import("./commands/profile.ts"),
  },
  {
    name: "schema",
    arguments: "<data>",
    about: [DATA],
    summary: "infer what data must be like, as a file to edit and to give to scanflow check --schema",
    options: [
      { flags: "--out <file>", description: "write it to this file, as YAML or, with .json, as JSON" },
      {
        flags: "--label <column>",
        description: "the column to be predicted: shares of its classes and conflicting labels become rules",
      },
      SEED,
      ...READING,
    ],
    load: () => import("./commands/schema.ts"),
  },
  {
    name: "explain",
    arguments: "<model>",
    about: ["LightGBM's text or an ONNX file"],
    summary: "say what a model's answers rest on, or why one row got its answer",
    options: [
      { flags: "--data <data>", description: `rows with the model's features: ${DATA}` },
      {
        flags: "--row <number>",
        description: "explain this row, counted from 0 (default: all that are drawn)",
      },
      { flags: "--output <number>", description: "of several outputs this one, counted from 0" },
      { flags: "--background <data>", description: "rows that stand for what is not known" },
      { flags: "--rows <count>", description: "rows to draw (default: 1000 of trees, 50 of other models)" },
      { flags: "--out <file>", description: "draw it: a file that ends in .svg or .html" },
      SEED,
      ...READING,
    ],
    load: () => import("./commands/explain.ts"),
  },
];
