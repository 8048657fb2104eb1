import { BlockTable } from './block-table.ts';
import { BoundList } from './bound-list.ts';
import { Junction } from './junction.ts';
import type { Taker } from './junction.ts';
import type { Matcher, Scalar } from './matcher.ts';
import { TextTable } from './text-table.ts';
import { TextTrie } from './text-trie.ts';
import type { Witness } from './witness.ts';

/** All witnesses that one slot of an event can bear, and the junctions they lead to. */
export class SlotIndex {
  readonly #byValue = new Map<Scalar, Junction>();
  #byText: TextTable<Junction> | undefined;
  #starts: TextTrie | undefined;
  #ends: TextTrie | undefined;
  #parts: TextTrie | undefined;
  #blocks: BlockTable | undefined;
  #least: BoundList | undefined;
  #most: BoundList | undefined;
  #present: Junction | undefined;

  /** The junction that any leaf satisfying this matcher leads to. */
  junctionOf(matcher: Matcher): Junction {
    if (matcher.kind === 'equals') return this.#junctionOfValue(matcher.value);
    const witness = matcher.kind === 'test' ? matcher.witness : undefined;
    return witness === undefined ? (this.#present ??= new Junction()) : this.#junctionOf(witness);
  }

  #junctionOfValue(value: Scalar): Junction {
    let junction = this.#byValue.get(value);
    if (junction === undefined) {
      this.#byValue.set(value, (junction = new Junction()));
      if (typeof value === 'string') (this.#byText ??= new TextTable()).add(value, junction);
    }
    return junction;
  }

  #junctionOf(witness: Witness): Junction {
    switch (witness.by) {
      case 'block':
        this.#blocks ??= new BlockTable();
        return this.#blocks.junctionOf(witness.network, witness.bits);
      case 'least':
        return (this.#least ??= new BoundList('least')).junctionOf(witness.bound);
      case 'most':
        return (this.#most ??= new BoundList('most')).junctionOf(witness.bound);
      case 'start':
        return (this.#starts ??= new TextTrie('start')).junctionOf(witness.text);
      case 'end':
        return (this.#ends ??= new TextTrie('end')).junctionOf(witness.text);
      default:
        return (this.#parts ??= new TextTrie('part')).junctionOf(witness.text);
    }
  }

  /** Takes the junctions a leaf of this slot leads to. */
  find(leaf: Scalar, into: Taker): void {
    if (this.#present !== undefined) into.take(this.#present);
    if (typeof leaf === 'string') {
      const junction = this.#byText?.get(leaf);
      if (junction !== undefined) into.take(junction);
      this.#starts?.find(leaf, into);
      this.#ends?.find(leaf, into);
      this.#parts?.find(leaf, into);
      this.#blocks?.find(leaf, into);
      return;
    }
    if (this.#byValue.size > 0) {
      const junction = this.#byValue.get(leaf);
      if (junction !== undefined) into.take(junction);
    }
    if (typeof leaf === 'number') {
      this.#least?.find(leaf, into);
      this.#most?.find(leaf, into);
    }
  }
}
