/** An address as 16-bit groups: 2 for IPv4, 8 for IPv6. IPv4-mapped IPv6 counts as IPv4. */
export type IpGroups = readonly number[];

/** Longest textual form of an address: full IPv6 with a dotted tail. */
const TEXT_MAX = 45;
const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;

/** Reads an IPv4 or IPv6 literal; undefined for anything else. Octets are decimal even with leading zeros, as on AWS. */
export function parseIpAddress(text: string): IpGroups | undefined {
  if (text.length > TEXT_MAX) return undefined;
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

function parseV4(text: string): number[] | undefined {
  let bits = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === DOT) {
      if (digits === 0 || ++dots > 3) return undefined;
      bits = (bits << 8) | octet;
      octet = digits = 0;
    } else {
      if (code < ZERO || code > NINE || ++digits > 3) return undefined;
      octet = octet * 10 + code - ZERO;
      if (octet > 255) return undefined;
    }
  }
  if (dots !== 3 || digits === 0) return undefined;
  return [(bits >>> 8) & 0xffff, ((bits & 0xff) << 8) | octet];
}

function parseV6(text: string): number[] | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1]!, true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  return mapped ? groups.slice(6) : groups;
}

/** `last`: these groups end the address, so the last may be a dotted IPv4 tail. */
function parseGroups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups.push(Number.parseInt(part, 16));
    else {
      const dotted = last && index === parts.length - 1 ? parseV4(part) : undefined;
      if (dotted === undefined) return undefined;
      groups.push(...dotted);
    }
  }
  return groups;
}
