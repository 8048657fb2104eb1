import { checkDocument } from '#shared/document/check-document.ts';
import type { DocumentKind } from '#shared/document/kind.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';

import { IncidentSettings } from './schema.ts';

/** There is one such document per tenant. */
export const SETTINGS_ID = 'incidents';

/** A tenant's incident settings as a document. */
export const SETTINGS_KIND: DocumentKind<IncidentSettings> = {
  noun: 'incident_settings',
  idOf: () => SETTINGS_ID,
  check: (input) => checkDocument('settings', IncidentSettings, () => [], input),
};

/** The settings in force: the tenant's own, or the defaults. Throws what the store throws. */
export async function incidentSettings(
  store: DocumentStore<IncidentSettings>,
  tenant: string,
): Promise<IncidentSettings> {
  const own = await store.get(tenant, SETTINGS_ID);
  return own === undefined || own.removed === true ? IncidentSettings.parse({}) : own;
}
