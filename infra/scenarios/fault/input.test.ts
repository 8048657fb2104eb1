import { holdShort } from './hold-short.testing.ts';

holdShort('input');
