import { parseIpAddress } from './ip-address.ts';
import type { Witness } from './witness.ts';

/** True for text that is an address inside the block. */
export type CidrTest = (text: string) => boolean;

/**
 * Compiles `10.0.0.0/24` or `2001:db8::/32`; bits of the address below the mask are ignored.
 * Returns the reason as text when it is not a block. Like AWS it refuses /32 and /128: a single
 * address is an exact value.
 */
export function compileCidr(block: string): CidrTest | string {
  const parts = block.split('/');
  if (parts.length !== 2) return "must have exactly one '/', e.g. 10.0.0.0/24";
  if (!/^[0-9]{1,3}$/.test(parts[1]!)) return 'mask bits must be an integer of 0 or more';
  const bits = Number(parts[1]);
  const base = parseIpAddress(parts[0]!);
  if (base === undefined) return `"${parts[0]}" is not an IPv4 or IPv6 address`;
  const width = base.length * 16;
  if (bits >= width)
    return `mask bits must be < ${width}; write a single address as an exact value`;
  const masks = base.map((_, index) => {
    const kept = Math.min(Math.max(bits - index * 16, 0), 16);
    return (0xffff << (16 - kept)) & 0xffff;
  });
  const network = base.map((group, index) => group & masks[index]!);
  return (text) => {
    const address = parseIpAddress(text);
    if (address === undefined || address.length !== network.length) return false;
    for (let index = 0; index < network.length; index++)
      if ((address[index]! & masks[index]!) !== network[index]) return false;
    return true;
  };
}

/** An accepted block as a witness; IPv6 blocks have none. */
export function blockWitness(block: string): Witness | undefined {
  const [address, bits] = block.split('/') as [string, string];
  const groups = parseIpAddress(address);
  if (groups?.length !== 2) return undefined;
  return { by: 'block', network: (groups[0]! << 16) | groups[1]!, bits: Number(bits) };
}
