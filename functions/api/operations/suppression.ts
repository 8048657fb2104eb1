import type { Call, Handlers } from '#functions/api/operation.ts';
import type { Operation } from '#shared/api/route-access.ts';
import { INHIBITION_KIND } from '#shared/inhibition/inhibition-kind.ts';
import { MAINTENANCE_KIND } from '#shared/maintenance/maintenance-kind.ts';
import { nextWindows } from '#shared/maintenance/window-at.ts';
import { getDocument } from '#shared/document/read-document.ts';
import { attempt, recheckPorts } from '#functions/api/recheck.ts';
import { recheckAlerts } from '#shared/response/recheck-alerts.ts';
import { previewSilence } from '#shared/silence/preview.ts';
import { saveSilence } from '#shared/silence/save-silence.ts';
import { SILENCE_KIND } from '#shared/silence/silence-kind.ts';

import { documentHandlers } from './document.ts';

type Nouns = 'silences' | 'maintenance' | 'inhibitions';
interface Precondition {
  if_version?: number | undefined;
  reason?: string | undefined;
}

const silences = documentHandlers(
  'silences',
  'silence_id',
  SILENCE_KIND,
  (ports) => ports.silences,
);
const maintenance = documentHandlers(
  'maintenance',
  'maintenance_id',
  MAINTENANCE_KIND,
  (ports) => ports.maintenance,
);
const inhibitions = documentHandlers(
  'inhibitions',
  'inhibition_id',
  INHIBITION_KIND,
  (ports) => ports.inhibitions,
);

/**
 * A write, after which every active alert that it concerns is decided again at once. Those that this
 * does not reach have a timer that does.
 */
function rechecked<Input, Document>(
  reason: string,
  idOf: (document: Document) => string,
  write: (input: Input, call: Call) => Promise<Document>,
) {
  return async (input: Input, call: Call): Promise<Document> => {
    const { context, ports } = call;
    const document = await write(input, call);
    await attempt(() =>
      recheckAlerts(recheckPorts(ports), context, { reason, id: idOf(document) }),
    );
    return document;
  };
}

const idOf = {
  silence: SILENCE_KIND.idOf,
  maintenance: MAINTENANCE_KIND.idOf,
  inhibition: INHIBITION_KIND.idOf,
};

/** What holds alerts back. */
export const suppressionOperations: Handlers<Extract<Operation, `${Nouns}.${string}`>> = {
  ...silences,
  ...maintenance,
  ...inhibitions,
  'silences.create': rechecked(
    'silence',
    idOf.silence,
    ({ reason, ...draft }: object & Precondition, { context, ports }) =>
      saveSilence(ports, context, draft, { create: true, reason }),
  ),
  'silences.replace': rechecked(
    'silence',
    idOf.silence,
    ({ reason, if_version, ...draft }: object & Precondition, { context, ports }) =>
      saveSilence(ports, context, draft, { create: false, if_version, reason }),
  ),
  'silences.delete': rechecked('silence', idOf.silence, silences['silences.delete']),
  'silences.preview': ({ matchers }, { context, ports }) =>
    previewSilence(ports, context, matchers),
  'maintenance.create': rechecked(
    'maintenance',
    idOf.maintenance,
    maintenance['maintenance.create'],
  ),
  'maintenance.replace': rechecked(
    'maintenance',
    idOf.maintenance,
    maintenance['maintenance.replace'],
  ),
  'maintenance.delete': rechecked(
    'maintenance',
    idOf.maintenance,
    maintenance['maintenance.delete'],
  ),
  async 'maintenance.occurrences'({ maintenance_id, count }, { context, ports }) {
    const window = await getDocument(MAINTENANCE_KIND, ports.maintenance, context, maintenance_id);
    const items = nextWindows(window, context.now(), count).map(({ from, to }) => ({
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
    }));
    return { items };
  },
  'inhibitions.create': rechecked('inhibition', idOf.inhibition, inhibitions['inhibitions.create']),
  'inhibitions.replace': rechecked(
    'inhibition',
    idOf.inhibition,
    inhibitions['inhibitions.replace'],
  ),
  'inhibitions.delete': rechecked('inhibition', idOf.inhibition, inhibitions['inhibitions.delete']),
};
