import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

/** Where webhooks may lead. */
export interface Reach {
  /** Lets them lead to this machine and its private networks too. */
  readonly allowPrivate: boolean;
}

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/**
 * What the IANA registries of special-purpose addresses do not call globally reachable: this machine, private
 * networks, links, groups, documentation, and the ways of writing an IPv4 address inside an IPv6 one.
 */
const ranges: readonly (readonly [net: string, prefix: number])[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
  // What lies outside 2000::/3 is no address of the public internet, or an IPv4 address in disguise.
  ["::", 3],
  ["4000::", 2],
  ["8000::", 1],
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

/** One for each family: in a list of both, the IPv6 range that holds IPv4 in disguise would hold all of IPv4. */
const special = { 4: new BlockList(), 6: new BlockList() };
for (const [net, prefix] of ranges) {
  if (isIP(net) === 4) special[4].addSubnet(net, prefix, "ipv4");
  else special[6].addSubnet(net, prefix, "ipv6");
}

/** Why nothing is sent to an address; undefined when it may be. */
export function refuseAddress({ address, family }: Address, { allowPrivate }: Reach): string | undefined {
  if (allowPrivate || !special[family].check(address, family === 4 ? "ipv4" : "ipv6")) return undefined;
  return `${address} is not a public address. Start the server so that it allows private webhooks, if this is meant.`;
}

/** The address that a URL names by itself, in any of the ways to write one (the URL has made them one). */
export function literalAddress({ hostname }: URL): Address | undefined {
  const address = hostname.replace(/^\[(.*)\]$/, "$1");
  const family = isIP(address);
  return family === 4 || family === 6 ? { address, family } : undefined;
}

/**
 * The one address to connect to. The name is resolved here and never again, so it cannot come to mean another
 * place after it was judged; one forbidden address among the answers spoils them all.
 */
export async function resolveAddress(url: URL, reach: Reach): Promise<Address> {
  const literal = literalAddress(url);
  const found = literal
    ? [literal]
    : (await lookup(url.hostname, { all: true })).map(({ address, family }) => ({
        address,
        family: family === 6 ? (6 as const) : (4 as const),
      }));
  for (const one of found) {
    const refused = refuseAddress(one, reach);
    if (refused !== undefined) throw new ForbiddenAddress(refused);
  }
  const [first] = found;
  if (!first) throw new ForbiddenAddress(`${url.hostname} has no address.`);
  return first;
}

/** A name leads where nothing may be sent: trying again does not help. */
export class ForbiddenAddress extends Error {}
