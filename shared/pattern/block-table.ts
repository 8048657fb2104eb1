import { Entries, made } from './entries.ts';
import type { Candidates } from './entries.ts';
import { parseIpAddress } from './ip-address.ts';

/** IPv4 blocks by length of their mask and then by network. */
export class BlockTable {
  readonly #byBits = new Map<number, Map<number, Entries>>();

  entriesOf(network: number, bits: number): Entries {
    const mask = maskOf(bits);
    const networks = made(this.#byBits, mask, () => new Map<number, Entries>());
    return made(networks, network & mask, () => new Entries());
  }

  find(text: string, into: Candidates): void {
    const groups = parseIpAddress(text);
    if (groups?.length !== 2) return;
    const address = (groups[0]! << 16) | groups[1]!;
    for (const [mask, networks] of this.#byBits) into.take(networks.get(address & mask));
  }
}

function maskOf(bits: number): number {
  return bits === 0 ? 0 : -1 << (32 - bits);
}
