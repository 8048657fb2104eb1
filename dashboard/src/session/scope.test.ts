import { describe, expect, it } from 'vitest';

import { ROLES, SCOPES } from '#shared/access/scope.ts';

import { missingWords } from './scope.ts';

describe('the words for a missing scope', () => {
  it.each(SCOPES)('name every role that gives %s', (scope) => {
    const named = missingWords(scope)
      .replace('Needs the role ', '')
      .split(/, | or /);
    const giving = Object.entries(ROLES).filter(([, scopes]) =>
      (scopes as readonly string[]).includes(scope),
    );
    expect(named.toSorted()).toEqual(giving.map(([role]) => role).toSorted());
  });
});
