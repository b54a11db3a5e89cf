import { isIP } from "node:net";
import { expect, test } from "vitest";
import { literalAddress, refuseAddress, resolveAddress } from "./address.ts";

const near = { allowPrivate: false };

test.each(
  [
    "0.0.0.0 10.1.2.3 100.64.0.1 127.0.0.1 127.255.255.254 169.254.169.254 172.31.255.255 192.168.0.1 198.18.0.1",
    "224.0.0.1 240.0.0.1 255.255.255.255 :: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1 64:ff9b:1::a00:1 100::1 2001::1 2001:db8::1 2002:7f00:1:: 3fff::1 5f00::1 fc00::1 fdff::1",
    "fe80::1 fec0::1 ff02::1 4000::1 9000::1",
  ].flatMap((line) => line.split(" ")),
)("nothing is sent to %s", (address) => {
  expect(refuseAddress({ address, family: isIP(address) as 4 | 6 }, near)).toContain("not a public address");
});

test.each(["8.8.8.8", "1.1.1.1", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450::1"])(
  "%s is public",
  (address) => {
    expect(refuseAddress({ address, family: isIP(address) as 4 | 6 }, near)).toBeUndefined();
  },
);

test.each([
  "http://2130706433/",
  "http://0x7f000001/",
  "http://017700000001/",
  "http://127.1/",
  "http://0/",
  "http://[::ffff:7f00:1]/",
  "http://１２７.0.0.1/",
  "http://127。0。0。1/",
  "http://127.0.0.1./",
])("%s is the machine itself, however it is written", (url) => {
  const literal = literalAddress(new URL(url));
  expect(literal && refuseAddress(literal, near)).toContain("not a public address");
});

test("a name that leads to this machine is refused when it is resolved", async () => {
  await expect(resolveAddress(new URL("http://localhost/"), near)).rejects.toThrow("not a public address");
  await expect(resolveAddress(new URL("http://localhost./"), near)).rejects.toThrow();
});
