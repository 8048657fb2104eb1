import { Entries, made } from './entries.ts';
import type { Candidates } from './entries.ts';
import { parseIpAddress } from './ip-address.ts';

/** IPv4 blocks by length of their mask and then by network. */
export class BlockTable {
  readonly #sizes: { mask: number; networks: Map<number, Entries> }[] = [];

  entriesOf(network: number, bits: number): Entries {
    const mask = bits === 0 ? 0 : -1 << (32 - bits);
    let size = this.#sizes.find((one) => one.mask === mask);
    if (size === undefined) this.#sizes.push((size = { mask, networks: new Map() }));
    return made(size.networks, network & mask, () => new Entries());
  }

  find(text: string, into: Candidates): void {
    const groups = parseIpAddress(text);
    if (groups?.length !== 2) return;
    const address = (groups[0]! << 16) | groups[1]!;
    for (const { mask, networks } of this.#sizes) into.take(networks.get(address & mask));
  }
}
