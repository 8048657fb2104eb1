import * as z from 'zod';

import { RULE_FORMAT, RuleBody } from './document-schema.ts';
import { DetectionRule } from './schema.ts';

/** A rule as it is written in a file; fields that no rule has are wrong in it. */
const WrittenRule = z
  .strictObject({ ...RuleBody.shape, reason: DetectionRule.shape.reason })
  .meta({ title: 'Detection rule' });

/** The rule format as JSON Schema 2020-12, for editors: of one rule, as `npx sentry rules lint` reads it. */
export function describeFormat(): Record<string, unknown> {
  const schema = z.toJSONSchema(WrittenRule, { io: 'input' }) as Record<string, unknown>;
  return { ...schema, $id: `urn:${RULE_FORMAT.replace('.', ':')}:rule:1` };
}
