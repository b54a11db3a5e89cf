import { expect, test } from "vitest";
import { parseProfile } from "./parse-profile.ts";
import { pickColumns } from "./pick-columns.ts";
import { profileColumns } from "./profile-columns.ts";

test("it is the profile of a table that has only these columns", () => {
  const [age, city, paid] = [
    [31, 54, 28, 61],
    ["Bonn", "Graz", "Graz", "Bonn"],
    [true, false, true, null],
  ];
  const whole = profileColumns({ age, city, paid }, { seed: 1, slices: ["city", "paid"] });
  const picked = pickColumns(whole, ["age", "city", "height"]);
  expect(picked).toEqual(profileColumns({ age, city }, { seed: 1, slices: ["city"] }));
  expect(parseProfile(JSON.stringify(picked))).toEqual(picked);
});
