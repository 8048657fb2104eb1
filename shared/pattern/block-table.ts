import { parseIpAddress } from './ip-address.ts';
import { Junction } from './junction.ts';
import type { Taker } from './junction.ts';

/** IPv4 blocks by length of their mask and then by network. */
export class BlockTable {
  readonly #sizes: { mask: number; networks: Map<number, Junction> }[] = [];
  /** First octets that any block here has. */
  readonly #octets = new Uint8Array(256);

  junctionOf(network: number, bits: number): Junction {
    const mask = bits === 0 ? 0 : -1 << (32 - bits);
    if (bits < 8) this.#octets.fill(1);
    else this.#octets[network >>> 24] = 1;
    let size = this.#sizes.find((one) => one.mask === mask);
    if (size === undefined) this.#sizes.push((size = { mask, networks: new Map() }));
    let junction = size.networks.get(network & mask);
    if (junction === undefined) size.networks.set(network & mask, (junction = new Junction()));
    return junction;
  }

  find(text: string, into: Taker): void {
    if (this.#octets[firstOctet(text)] === 0) return;
    const groups = parseIpAddress(text);
    if (groups?.length !== 2) return;
    const address = (groups[0]! << 16) | groups[1]!;
    for (const { mask, networks } of this.#sizes) {
      const junction = networks.get(address & mask);
      if (junction !== undefined) into.take(junction);
    }
  }
}

/** The number before the first dot; −1 where there is none, which may still be an address of IPv6. */
function firstOctet(text: string): number {
  let octet = 0;
  for (let at = 0; at < 4; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x2e) return octet;
    if (!(code >= 0x30 && code <= 0x39)) return -1;
    octet = octet * 10 + code - 0x30;
  }
  return -1;
}
