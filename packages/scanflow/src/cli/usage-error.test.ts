import { CommanderError } from "commander";
import { expect, test } from "vitest";
import { usageError } from "./usage-error.ts";

test("files that the shell made of a glob are told apart from other wrong use", () => {
  const many = new CommanderError(1, "commander.excessArguments", "error: too many arguments for 'profile'");
  expect(usageError(many).message).toMatch(
    /^too many arguments for 'profile'\. Put a glob in quotes.*--help"\.$/,
  );
  const other = new CommanderError(1, "commander.unknownOption", "error: unknown option '--colums'");
  expect(usageError(other).message).toBe("unknown option '--colums'. See \"scanflow --help\".");
});
