import { invalid } from "../refusal.ts";
import { everyApplication } from "./role.ts";

export function checkUserName(name: string): void {
  if (/^[\p{L}\p{N}][\p{L}\p{N}._@+-]{0,99}$/u.test(name)) return;
  throw invalid(
    `"${name}" cannot be the name of a user. Use 1 to 100 letters, digits, ".", "_", "@", "+" and "-", beginning with a letter or digit.`,
  );
}

/** Gives the application that is meant: `*`, every one, when none is named. */
export function checkApplication(application = everyApplication): string {
  if (application !== "" && application.length <= 500 && !application.includes("/")) return application;
  throw invalid(
    `"${application}" cannot be the name of an application. Use the part of an experiment's name before the first "/", or "*" for every application.`,
  );
}
