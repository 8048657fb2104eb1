import { eventArchiveContract } from '#shared/testing/event-archive-contract.ts';

import { createMemoryEventArchive } from './memory-event-archive.ts';

eventArchiveContract('memory', async () => createMemoryEventArchive());
