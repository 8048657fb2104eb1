import * as z from 'zod';

import {
  POLICY_FORMAT,
  POLICY_FORMAT_VERSION,
  PolicyDocument,
  PolicyImport,
} from '#shared/escalation/document-schema.ts';
import { EscalationPolicy } from '#shared/escalation/schema.ts';
import { SimulatedAlert, Simulation } from '#shared/escalation/simulation-schema.ts';

import { documentRoutes } from './document-routes.ts';
import { none, reason } from './field.ts';

const id = { policy_id: z.string().min(1).max(64) };
const { version: _v, author: _a, updated_at: _u, removed: _r, ...fields } = EscalationPolicy.shape;

/** The schemas of the operations on escalation policies. */
export const ESCALATION_ROUTE_SCHEMAS = {
  ...documentRoutes('escalations', { document: EscalationPolicy, fields, id }),
  'escalations.export': { params: none, query: none, body: none, result: PolicyDocument },
  'escalations.import': {
    params: none,
    query: {
      /** Checks all and says what would happen; writes nothing. */
      dry_run: z.union([z.boolean(), z.enum(['true', 'false'])]).default(false),
    },
    body: {
      format: z.literal(POLICY_FORMAT).optional(),
      format_version: z.literal(POLICY_FORMAT_VERSION).optional(),
      /** Each is checked by itself, so that one wrong policy is named and not the whole document. */
      policies: z.array(z.unknown()).max(200),
      ...reason,
    },
    list: 'policies',
    result: PolicyImport,
  },
  'escalations.simulate': {
    params: none,
    query: none,
    body: {
      /** What the alert would be like. */
      alert: SimulatedAlert.optional(),
      /** Or a stored one, as if it opened then. */
      alert_id: z.string().min(1).max(128).optional(),
      /** Now unless told. */
      at: z.iso.datetime({ offset: true }).optional(),
    },
    result: Simulation,
  },
} as const;
