import type { DemoService } from './traffic.ts';

/** What the services of the demo are and need, as `POST /v1/services` takes it. */
export const DEMO_SERVICES: readonly {
  service: DemoService;
  description: string;
  owner: string;
  depends_on: readonly DemoService[];
}[] = [
  {
    service: 'web',
    description: 'The shop as customers see it',
    owner: 'storefront',
    depends_on: ['checkout', 'inventory', 'identity'],
  },
  {
    service: 'checkout',
    description: 'Carts and orders',
    owner: 'orders',
    depends_on: ['payments', 'inventory', 'identity'],
  },
  { service: 'payments', description: 'Charges and refunds', owner: 'finance', depends_on: [] },
  { service: 'inventory', description: 'What is in stock', owner: 'orders', depends_on: [] },
  { service: 'identity', description: 'Logins and tokens', owner: 'security', depends_on: [] },
  {
    service: 'analytics',
    description: 'Reports over orders and stock',
    owner: 'insight',
    depends_on: ['inventory', 'payments', 'identity'],
  },
];
