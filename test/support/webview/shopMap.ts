import type { CallCount } from '../../../src/shared/callApi.ts';
import type { ShownMap } from '../../../src/shared/views/mapView.ts';

const NOW = Date.UTC(2026, 0, 1);
export const call = (caller: string | null, callee: string, more: Partial<CallCount> = {}): CallCount => ({
  caller,
  callee,
  local: false,
  mode: 'sync',
  group: [callee],
  count: 12,
  failed: 0,
  p50: 3.1,
  p95: 9,
  ...more,
});
export const deployed = (name: string, runtime = 'python:3.11') => ({ name, runtime, state: 'ready' as const });
/** A shop: Tasks in all states, and calls of all kinds. */
export const SHOP: ShownMap = {
  filter: { window: undefined, setup: 'current' },
  tasks: [
    deployed('bank', 'nodejs'),
    { ...deployed('cart'), state: 'unhealthy' },
    deployed('checkout'),
    deployed('mail'),
    deployed('payment'),
    deployed('price'),
  ],
  groups: [['bank'], ['cart', 'price'], ['checkout'], ['mail'], ['payment']],
  calls: {
    setup: '5f3a',
    setups: [
      { id: 'old1', calls: 40, first: NOW - 9000, last: NOW - 5000 },
      { id: '5f3a', calls: 120, first: NOW - 5000, last: NOW },
    ],
    calls: [
      call(null, 'checkout', { count: 1240 }),
      call('checkout', 'cart', { count: 1240, group: ['cart', 'price'] }),
      call('cart', 'price', { count: 4800, local: true, p50: 0.021, p95: 0.05, group: ['cart', 'price'] }),
      call('checkout', 'payment', { count: 900, failed: 31, p50: 84 }),
      call('payment', 'bank', { count: 900, p50: 71 }),
      call('checkout', 'mail', { mode: 'async', count: 880 }),
      call('payment', 'gone'),
      call('price', 'price', { count: 7, local: true, group: ['cart', 'price'] }),
    ],
  },
};
