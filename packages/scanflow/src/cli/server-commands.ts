import type { CommandRow } from "./command.ts";

export const CPUS = {
  flags: "--cpus <count>",
  description: "cores that tasks may use at once (default: all)",
};

/** How tasks that run on other machines are reached, and their images. */
export const ELSEWHERE = {
  gateway: {
    flags: "--gateway <host[:port]>",
    description: "where tasks on other machines reach this one (default: SCANFLOW_GATEWAY)",
  },
  registry: {
    flags: "--registry <place>",
    description: "where images of tasks go: host:port/prefix (default: SCANFLOW_REGISTRY)",
  },
};

/** What stays up until it is told to end. */
export const upCommand: CommandRow = {
  name: "up",
  summary: "stay up: take runs that other commands begin, keep schedules, answer on a port",
  options: [
    { flags: "--host <host>", description: "name or address to listen on (default: 127.0.0.1)" },
    { flags: "--port <number>", description: "port to listen on (default: 8000; 0: a free one)" },
    {
      flags: "--allowed-host <name>",
      description: "a name that requests may be sent to, beside those of this machine",
      repeat: true,
    },
    {
      flags: "--trust-network",
      description: "listen for others: whoever reaches it may do everything with its tracker",
    },
    CPUS,
    ELSEWHERE.gateway,
    ELSEWHERE.registry,
    {
      flags: "--no-schedules",
      description: "leave the definition's schedules to somebody else, such as CronJobs",
    },
    { flags: "--on <platform>", description: "process (here, the default), or docker (in a container)" },
  ],
  load: () => import("./commands/up.ts"),
};

export const downCommand: CommandRow = {
  name: "down",
  summary: "end what up --on docker started, and leave nothing of it in Docker",
  load: () => import("./commands/down.ts"),
};

export const trackerCommands: readonly CommandRow[] = [
  {
    name: "track",
    summary: "serve a tracker for MLflow clients, without an application",
    options: [
      { flags: "--port <number>", description: "default: 5000; 0 takes a free one" },
      {
        flags: "--host <host>",
        description: "name or address to listen on (default: 127.0.0.1; others need users)",
      },
      {
        flags: "--allowed-host <name>",
        description:
          "a name that clients may send requests to (default: those of this machine; with --host any)",
        repeat: true,
      },
      {
        flags: "--trust-network",
        description: "listen for others without users: whoever reaches it may do everything",
      },
      {
        flags: "--store <url>",
        description: "sqlite:///FILE or postgresql://… (default: sqlite:///tracker/tracker.db)",
      },
      { flags: "--artifacts <place>", description: "a folder or s3://… (default: tracker/artifacts)" },
      {
        flags: "--drain <time>",
        description: "answer on for so long after the signal to end, such as 10s, while /ready says no",
      },
      {
        flags: "--allow-private-webhooks",
        description: "let webhooks lead to this machine and private networks too",
      },
    ],
    load: () => import("./commands/track.ts"),
  },
  {
    name: "user",
    arguments: "[name]",
    about: ["name of a user (default: list all)"],
    summary: "make, change or remove a user of a tracker; list users",
    options: [
      {
        flags: "--role <role>",
        description: "viewer (the default for a new user), editor or admin; none takes a role away",
      },
      {
        flags: "--application <name>",
        description: "the role holds for this application (default: for all)",
      },
      { flags: "--token", description: "make another token" },
      { flags: "--expires <time>", description: "the token that is made ends after this time, such as 30d" },
      { flags: "--revoke <token>", description: "end the token with this id, at once" },
      { flags: "--remove", description: "remove the user with all tokens" },
      { flags: "--last", description: "with --remove: even the last admin" },
      { flags: "--store <url>", description: "the tracker's database, as for track" },
    ],
    load: () => import("./commands/user.ts"),
  },
];
