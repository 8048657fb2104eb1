import type { EventRecord } from '#shared/event/schema.ts';

import { cleanText } from './clean-text.ts';
import { fieldReader } from '#shared/event/read-field.ts';
import { missingField, showValue } from './show-value.ts';
import { splitTitle } from './title-template.ts';

/** Longest title, and longest value inside it, in UTF-16 units. */
export const TITLE_CHARS_MAX = 256;
const VALUE_CHARS_MAX = 80;

/**
 * Renders a rule's title for an event: `{payload.user}` becomes the field's value, `‹payload.user›`
 * when it is missing. One clean line of at most 256 characters. Never throws.
 */
export function renderTitle(template: string, event: EventRecord): string {
  const text = splitTitle(template).parts.map((part) => {
    if (part.kind === 'text') return part.text;
    try {
      return showValue(fieldReader(part.path)(event), part.path, VALUE_CHARS_MAX);
    } catch {
      return missingField(part.path);
    }
  });
  return cleanText(text.join(''), TITLE_CHARS_MAX);
}
