import { requireScope } from '#shared/access/scope.ts';
import { changedFields, describeChange } from '#shared/audit/describe-change.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import { announce } from '#shared/outbox/announce.ts';
import type { DocumentChange, DocumentStore } from '#shared/ports/document-store.ts';

import { type DocumentKind, STAMPS, type Stamped } from './kind.ts';
import { notFound } from './read-document.ts';

export interface SaveOptions {
  /** It must not exist yet, or be removed; otherwise `conflict`. */
  create?: boolean;
  /** The version the caller saw; another one → `precondition_failed`. */
  if_version?: number | undefined;
  /** Goes into the journal as it is. */
  reason?: string | undefined;
}

/**
 * Saves a document as its next version; version, author and time are set here. Saving what is there
 * already changes nothing and returns it. Throws `invalid_input` naming every wrong place, `conflict`
 * and `precondition_failed` with the stored document as `current`, `forbidden`.
 */
export async function saveDocument<Kind extends Stamped>(
  kind: DocumentKind<Kind>,
  store: DocumentStore<Kind>,
  context: Context,
  draft: unknown,
  options: SaveOptions = {},
): Promise<Kind> {
  requireScope(context, 'sentry.policy.write');
  const checked = kind.check(draft);
  const before = await store.get(context.tenant, kind.idOf(checked));
  requireExpected(kind, before, options);
  const isKept = before !== undefined && before.removed !== true;
  if (isKept && changedFields(before, checked, STAMPS).length === 0) return before;
  if (!isKept && options.create === false) throw notFound(kind.noun, kind.idOf(checked));
  const action = isKept ? 'update' : before === undefined ? 'create' : 'restore';
  const { removed: _removed, ...body } = checked;
  const change = record(kind, context, before, body as Kind, action, options.reason);
  await store.save(context.tenant, change);
  return change.document;
}

/**
 * Removes a document: a last version that nothing obeys; its history stays. Repeating it changes
 * nothing. Throws `not_found`, `precondition_failed`, `conflict`, `forbidden`.
 */
export async function removeDocument<Kind extends Stamped>(
  kind: DocumentKind<Kind>,
  store: DocumentStore<Kind>,
  context: Context,
  id: string,
  options: Omit<SaveOptions, 'create'> = {},
): Promise<Kind> {
  requireScope(context, 'sentry.policy.write');
  const before = await store.get(context.tenant, id);
  if (before === undefined) throw notFound(kind.noun, id);
  if (before.removed === true) return before;
  requireExpected(kind, before, options);
  const gone = { ...before, removed: true };
  const change = record(kind, context, before, gone, 'remove', options.reason);
  await store.save(context.tenant, change);
  return change.document;
}

/** Throws unless the stored document is the one the caller means. */
function requireExpected<Kind extends Stamped>(
  { noun, idOf }: DocumentKind<Kind>,
  before: Kind | undefined,
  options: SaveOptions,
): void {
  if (options.create === true && before !== undefined && before.removed !== true)
    throw new SentryError('conflict', `There is a ${noun} "${idOf(before)}" already.`, {
      current: before,
    });
  const stored = before?.version ?? 0;
  if (options.if_version !== undefined && options.if_version !== stored)
    throw new SentryError(
      'precondition_failed',
      `You saw version ${options.if_version}; the ${noun} is at version ${stored} now.`,
      { current: before },
    );
}

/** The next version with its journal entry (changed fields only) and its announcement `<noun>.saved`. */
function record<Kind extends Stamped>(
  { noun, idOf }: DocumentKind<Kind>,
  context: Context,
  before: Kind | undefined,
  body: Kind,
  action: 'create' | 'update' | 'restore' | 'remove',
  reason: string | undefined,
): DocumentChange<Kind> {
  const now = context.now();
  const at = new Date(now).toISOString();
  const expected = before?.version ?? 0;
  const document = { ...body, version: expected + 1, author: context.actor, updated_at: at };
  const id = idOf(document);
  const changed = changedFields(before ?? {}, document, STAMPS);
  const pick = (from: Stamped) =>
    Object.fromEntries(Object.entries(from).filter(([name]) => changed.includes(name)));
  const entry = describeChange(context, {
    subject: { kind: noun, id },
    action: `${noun}.${action}`,
    at,
    before: before && pick(before),
    after: { ...pick(document), version: document.version },
    reason,
  });
  const row = announce({
    tenant: context.tenant,
    type: `${noun}.${action === 'remove' ? 'removed' : 'saved'}`,
    source: `sentry.${noun}`,
    payload: { tenant: context.tenant, [noun]: { id, version: document.version } },
    correlation_id: context.correlation_id,
    at: now,
    identity: [id, String(document.version)],
  });
  return { id, document, expected, journal: [entry], outbox: [row] };
}
