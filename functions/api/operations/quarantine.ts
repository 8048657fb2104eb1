import type { QuarantineItem } from '#shared/api/routes.ts';
import { getQuarantined, listQuarantine } from '#shared/quarantine/read.ts';
import { replayQuarantined } from '#shared/quarantine/replay.ts';
import type { QuarantineRow } from '#shared/quarantine/schema.ts';
import type { Handlers } from '#functions/api/operation.ts';
import { readPage } from '#functions/api/page.ts';

export const quarantineOperations: Handlers<
  'quarantine.list' | 'quarantine.get' | 'quarantine.replay'
> = {
  async 'quarantine.list'(input, call) {
    const page = await readPage('quarantine.list', input, call, (wanted) =>
      listQuarantine(wanted, call.context, call.ports.quarantine),
    );
    return { ...page, items: page.items.map(withoutBytes) };
  },
  async 'quarantine.get'({ quarantine_id }, { context, ports }) {
    const { row, raw } = await getQuarantined(quarantine_id, context, ports.quarantine);
    return { ...withoutBytes(row), raw_base64: Buffer.from(raw).toString('base64') };
  },
  async 'quarantine.replay'({ quarantine_id }, { context, ports }) {
    return withoutBytes(await replayQuarantined(quarantine_id, context, ports));
  },
};

function withoutBytes(row: QuarantineRow): QuarantineItem {
  const {
    raw_base64: _raw,
    object_key: _key,
    fence: _fence,
    revision: _revision,
    tenant: _tenant,
    ...item
  } = row;
  return item;
}
