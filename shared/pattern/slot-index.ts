import { BlockTable } from './block-table.ts';
import { BoundList } from './bound-list.ts';
import { Entries, made } from './entries.ts';
import type { Candidates } from './entries.ts';
import type { Matcher, Scalar } from './matcher.ts';
import { TextTrie } from './text-trie.ts';
import type { Witness } from './witness.ts';

/** Plans filed under two exact values: the second is asked of another slot. */
export type SecondValues = { slot: number; values: Map<Scalar, Entries> }[];

/** All witnesses that one slot of an event can bear. */
export class SlotIndex {
  readonly #byValue = new Map<Scalar, Entries>();
  readonly #seconds = new Map<Scalar, SecondValues>();
  readonly #texts: TextTrie[] = [];
  readonly #bounds: BoundList[] = [];
  #blocks: BlockTable | undefined;
  #present: Entries | undefined;

  /** Where a plan is filed that any leaf satisfying this matcher makes a candidate. */
  entriesOf(matcher: Matcher): Entries {
    if (matcher.kind === 'equals') return made(this.#byValue, matcher.value, () => new Entries());
    const witness = matcher.kind === 'test' ? matcher.witness : undefined;
    return witness === undefined
      ? (this.#present ??= new Entries())
      : this.#entriesOfWitness(witness);
  }

  /** Where a plan is filed that needs this value here and another in a second slot. */
  secondOf(value: Scalar, slot: number, second: Scalar): Entries {
    const asked = made(this.#seconds, value, () => [] as SecondValues);
    let one = asked.find((each) => each.slot === slot);
    if (one === undefined) asked.push((one = { slot, values: new Map() }));
    return made(one.values, second, () => new Entries());
  }

  #entriesOfWitness(witness: Witness): Entries {
    switch (witness.by) {
      case 'block':
        this.#blocks ??= new BlockTable();
        return this.#blocks.entriesOf(witness.network, witness.bits);
      case 'least':
      case 'most':
        return ofKind(this.#bounds, witness.by, BoundList).entriesOf(witness.bound);
      default:
        return ofKind(this.#texts, witness.by, TextTrie).entriesOf(witness.text);
    }
  }

  /** Takes the candidates a leaf of this slot makes; returns the second values still to be asked. */
  find(leaf: Scalar, into: Candidates): SecondValues | undefined {
    if (this.#present !== undefined) into.take(this.#present);
    if (this.#byValue.size > 0) into.take(this.#byValue.get(leaf));
    if (typeof leaf === 'string') {
      for (const trie of this.#texts) trie.find(leaf, into);
      this.#blocks?.find(leaf, into);
    } else if (typeof leaf === 'number') for (const bounds of this.#bounds) bounds.find(leaf, into);
    return this.#seconds.size > 0 ? this.#seconds.get(leaf) : undefined;
  }
}

function ofKind<By, Kind extends { by: By }>(
  all: Kind[],
  by: By,
  make: new (by: By) => Kind,
): Kind {
  let found = all.find((one) => one.by === by);
  if (found === undefined) all.push((found = new make(by)));
  return found;
}
