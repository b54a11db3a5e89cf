import { expect, test } from "vitest";
import { Allocator } from "./allocator.ts";

const one = { cpu: 1, memory: 0, gpu: 0, storage: 0 };
const capacity = { cpu: 1, memory: 0, gpu: 0, tasks: 8 };

test("asking twice under one name is an error, whether the first is held or waits", () => {
  const allocator = new Allocator(capacity);
  const granted: string[] = [];
  const request = (id: string) => allocator.request(id, one, () => granted.push(id));
  request("held");
  request("waits");
  expect(() => request("held")).toThrow('"held" asks for resources twice');
  expect(() => request("waits")).toThrow('"waits" asks for resources twice');
  allocator.release("held");
  expect(granted).toEqual(["held", "waits"]);
  allocator.release("waits");
  request("held");
  expect(granted).toEqual(["held", "waits", "held"]);
});
