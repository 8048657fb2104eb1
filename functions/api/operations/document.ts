import type { Call } from '#functions/api/operation.ts';
import { nameOperations } from '#shared/api/name-operations.ts';
import type { DocumentKind, Stamped } from '#shared/document/kind.ts';
import {
  getDocument,
  listDocuments,
  listDocumentVersions,
} from '#shared/document/read-document.ts';
import { removeDocument, saveDocument } from '#shared/document/save-document.ts';
import type { DocumentStore } from '#shared/ports/document-store.ts';

import type { ApiPorts } from '#functions/api/ports.ts';

type Input = Record<string, unknown>;
interface Precondition {
  if_version?: number | undefined;
  reason?: string | undefined;
}

/** The handlers of the operations that every kind of document has. */
export function documentHandlers<const Noun extends string, Kind extends Stamped>(
  noun: Noun,
  id: string,
  kind: DocumentKind<Kind>,
  storeOf: (ports: ApiPorts) => DocumentStore<Kind>,
) {
  const idIn = (input: object) => (input as Input)[id] as string;
  const handlers = {
    list: async (_input: object, { context, ports }: Call) => ({
      items: await listDocuments(storeOf(ports), context),
    }),
    create: ({ reason, ...draft }: object & Precondition, { context, ports }: Call) =>
      saveDocument(kind, storeOf(ports), context, draft, { create: true, reason }),
    get: (input: object, { context, ports }: Call) =>
      getDocument(kind, storeOf(ports), context, idIn(input)),
    replace: ({ reason, if_version, ...draft }: object & Precondition, { context, ports }: Call) =>
      saveDocument(kind, storeOf(ports), context, draft, { create: false, if_version, reason }),
    delete: (input: object & Precondition, { context, ports }: Call) =>
      removeDocument(kind, storeOf(ports), context, idIn(input), input),
    versions: async (input: object, { context, ports }: Call) => ({
      items: await listDocumentVersions(kind, storeOf(ports), context, idIn(input)),
    }),
  };
  return nameOperations(noun, handlers);
}
