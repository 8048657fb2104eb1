import { BlockTable } from './block-table.ts';
import { BoundList } from './bound-list.ts';
import { Entries, made } from './entries.ts';
import type { Candidates } from './entries.ts';
import type { Matcher, Scalar } from './matcher.ts';
import { TextTrie } from './text-trie.ts';
import type { Witness } from './witness.ts';

/** Plans filed under two exact values: the second is asked of another slot. */
export type SecondValues = Map<number, Map<Scalar, Entries>>;

/** All witnesses that one slot of an event can bear. */
export class SlotIndex {
  readonly #byValue = new Map<Scalar, Entries>();
  readonly #seconds = new Map<Scalar, SecondValues>();
  readonly #texts = new Map<'start' | 'end' | 'part', TextTrie>();
  readonly #bounds = new Map<'least' | 'most', BoundList>();
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
    const slots = made(this.#seconds, value, () => new Map() as SecondValues);
    const values = made(slots, slot, () => new Map<Scalar, Entries>());
    return made(values, second, () => new Entries());
  }

  #entriesOfWitness(witness: Witness): Entries {
    switch (witness.by) {
      case 'block':
        this.#blocks ??= new BlockTable();
        return this.#blocks.entriesOf(witness.network, witness.bits);
      case 'least':
      case 'most':
        return made(this.#bounds, witness.by, (by) => new BoundList(by)).entriesOf(witness.bound);
      default:
        return made(this.#texts, witness.by, (by) => new TextTrie(by)).entriesOf(witness.text);
    }
  }

  /** Takes the candidates a leaf of this slot makes; returns the second values still to be asked. */
  find(leaf: Scalar, into: Candidates): SecondValues | undefined {
    if (this.#present !== undefined) into.take(this.#present);
    if (this.#byValue.size > 0) into.take(this.#byValue.get(leaf));
    if (typeof leaf === 'string') {
      if (this.#texts.size > 0) for (const trie of this.#texts.values()) trie.find(leaf, into);
      this.#blocks?.find(leaf, into);
    } else if (typeof leaf === 'number' && this.#bounds.size > 0)
      for (const bounds of this.#bounds.values()) bounds.find(leaf, into);
    return this.#seconds.size > 0 ? this.#seconds.get(leaf) : undefined;
  }
}
