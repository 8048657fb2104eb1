import { requireScope } from '#shared/access/scope.ts';
import type { Context } from '#shared/kernel/context.ts';
import { SentryError } from '#shared/kernel/error.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';

import type { DocumentKind, Stamped } from './kind.ts';

/** The newest version of every document that is not removed, by id. */
export async function listDocuments<Kind extends Stamped>(
  store: DocumentStore<Kind>,
  context: Context,
): Promise<Kind[]> {
  requireScope(context, 'sentry.policy.read');
  return store.list(context.tenant);
}

/** The newest version. Throws `not_found`, also for what was removed. */
export async function getDocument<Kind extends Stamped>(
  kind: DocumentKind<Kind>,
  store: DocumentStore<Kind>,
  context: Context,
  id: string,
): Promise<Kind> {
  requireScope(context, 'sentry.policy.read');
  const document = await store.get(context.tenant, id);
  if (document === undefined || document.removed === true) throw notFound(kind.noun, id);
  return document;
}

/** Every version, newest first, also of what was removed. Throws `not_found`. */
export async function listDocumentVersions<Kind extends Stamped>(
  kind: DocumentKind<Kind>,
  store: DocumentStore<Kind>,
  context: Context,
  id: string,
): Promise<Kind[]> {
  requireScope(context, 'sentry.policy.read');
  const versions = await store.versions(context.tenant, id);
  if (versions.length === 0) throw notFound(kind.noun, id);
  return versions;
}

export function notFound(noun: string, id: string): SentryError {
  return new SentryError('not_found', `There is no ${noun} "${id}".`);
}
