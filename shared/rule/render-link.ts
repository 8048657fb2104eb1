import { fieldReader } from '#shared/event/read-field.ts';
import type { EventRecord } from '#shared/event/schema.ts';

import { missingField, showValue } from './show-value.ts';
import { splitTitle } from './title-template.ts';

/** Longest value inside a link, before it is encoded, and longest link. */
const VALUE_CHARS_MAX = 128;
const LINK_CHARS_MAX = 4096;

/** Scheme and host stand in the template itself: an event must not say where people are sent. */
const OWN_HOST = /^https?:\/\/[^/?#{}\s@\\]+(?=[/?#]|$)/i;

/** What is wrong with a link's template, its fields' paths apart; undefined when nothing is. */
export function linkFault(template: string): string | undefined {
  if (!/^https?:\/\//i.test(template)) return 'must start with https:// or http://';
  const [own] = OWN_HOST.exec(template) ?? [];
  if (own === undefined || !URL.canParse(own)) return 'must name its host itself, without a field';
  return splitTitle(template).fault;
}

/**
 * Renders a rule's runbook link for an event: `{payload.service}` becomes the field's value and
 * `‹payload.service›` when it is missing, both percent-encoded, so that a value is never more than one
 * piece of path or query. Undefined when it makes no web link to the template's own host. Never throws.
 */
export function renderLink(template: string, event: EventRecord): string | undefined {
  const [own] = OWN_HOST.exec(template) ?? [];
  if (own === undefined) return undefined;
  const text = splitTitle(template).parts.map((part) =>
    part.kind === 'text' ? part.text : encodeURIComponent(valueOf(part.path, event)),
  );
  const link = URL.parse(text.join(''));
  if (!link || !/^https?:$/.test(link.protocol)) return undefined;
  if (link.host !== URL.parse(own)?.host || link.username !== '') return undefined;
  return link.href.length > LINK_CHARS_MAX ? undefined : link.href;
}

function valueOf(path: string, event: EventRecord): string {
  try {
    const value = showValue(fieldReader(path)(event), path, VALUE_CHARS_MAX);
    // Dots alone would climb out of the path, even encoded.
    return /^\.*$/.test(value) ? missingField(path) : value;
  } catch {
    return missingField(path).toWellFormed();
  }
}
