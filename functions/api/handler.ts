import type { APIGatewayProxyEventV2 } from 'aws-lambda';

import { withStack } from '#functions/_runtime/stack.ts';

import { serve } from './serve.ts';
import { servePorts } from './wire.ts';

export const handler = withStack((event: APIGatewayProxyEventV2) => serve(event, servePorts()));
