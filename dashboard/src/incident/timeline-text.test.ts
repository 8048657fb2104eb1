import { expect, it } from 'vitest';

import { timelineMarkdown } from './timeline-text.ts';

it('a timeline becomes a Markdown table that no text of a producer can break', () => {
  const entry = {
    timeline_id: '1',
    alert_id: 'a',
    timestamp: '2026-01-01T00:00:00.000Z',
    actor: 'user:rosa',
    entry: 'Said: a | b\n<script>*x*</script>',
  };
  expect(timelineMarkdown('Disk_full', [entry])).toBe(
    [
      '## Disk\\_full',
      '',
      '| Timestamp | Actor | Entry |',
      '| --- | --- | --- |',
      '| 2026-01-01T00:00:00.000Z | user:rosa | Said: a \\| b \\<script\\>\\*x\\*\\</script\\> |',
      '',
    ].join('\n'),
  );
});
