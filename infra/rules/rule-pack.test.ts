import { describe, expect, it } from 'vitest';

import { readRulePack, readRulePacks } from '#infra/rule-pack.ts';

describe('rule packs', () => {
  it('only the default pack is installed unless another is asked for', () => {
    expect(readRulePacks(undefined)).toEqual(readRulePack());
    expect(readRulePacks('cloudtrail')).toEqual([...readRulePack(), ...readRulePack('cloudtrail')]);
  });

  it('a pack that does not exist is refused by name', () => {
    expect(() => readRulePacks('cloudtrail,../../etc')).toThrow(
      'There is no rule pack "../../etc"; there is cloudtrail.',
    );
  });
});
