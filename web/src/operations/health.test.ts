import { expect, test } from 'vitest'
import { Problem } from '@/api/problem'
import type { ReportsStatus } from '@/api/types'
import { healthOf, kindOf, measureLag, measureQueue, type Seen } from './health'

const now = Date.parse('2026-05-04T08:30:30Z')
const status: ReportsStatus = {
  counted_at: '2026-05-04T08:30:27Z',
  lag_seconds: 0.01,
  last_applied_at: '2026-05-04T08:20:00Z',
  last_event_at: '2026-05-04T08:20:00Z',
  queues: { reporting: 0 },
  dead_letters: { poison: 0, parked: 0 },
}
const health = (seen: Partial<Seen>) => healthOf({ now, status, login: true, ...seen })
const refused = (kind: string, code: number, ours = true) => new Problem(kind, code, ours ? { type: `/problems/${kind}` as never } : {})

test('all is well', () => {
  expect(health({ newestChange: Date.parse('2026-05-04T08:20:00.4Z') })).toEqual({
    ...{ gateway: 'up', application: 'up', database: 'up', keycloak: 'up', rabbitmq: 'up', bridge: 'up', reporting: 'up' },
  })
})

test('before anything was read, nothing is known', () => {
  expect(new Set(Object.values(healthOf({ now })))).toEqual(new Set(['unknown']))
})

test.each([
  ['no answer at all', new Problem('offline', 0), 'down', 'unknown', 'unknown'],
  ['the gateway’s own refusal', refused('unavailable', 502, false), 'up', 'down', 'unknown'],
  ['the application without its database', refused('unavailable', 503), 'up', 'up', 'down'],
  ['a refusal for another reason', refused('forbidden', 403), 'up', 'up', 'unknown'],
])('%s', (_, error, gateway, application, database) => {
  // What was read before says nothing about now.
  expect(health({ error })).toMatchObject({ gateway, application, database, rabbitmq: 'unknown', bridge: 'unknown', reporting: 'unknown' })
})

test('a login that does not answer is down', () => expect(health({ login: false }).keycloak).toBe('down'))

test('counts that are old, or were never made, say that nobody counts', () => {
  for (const counted_at of ['2026-05-04T08:29:59Z', null]) {
    expect(health({ status: { ...status, counted_at } })).toMatchObject({ rabbitmq: 'down', reporting: 'down', bridge: 'unknown', database: 'up' })
  }
})

test('the bridge is seen by what it brings', () => {
  const bridge = (change: string | undefined, more: Partial<ReportsStatus> = {}) =>
    health({ newestChange: change ? Date.parse(change) : undefined, status: { ...status, ...more } }).bridge
  expect(bridge('2026-05-04T08:10:00Z')).toBe('up')
  expect(bridge('2026-05-04T08:30:25Z')).toBe('unknown')
  expect(bridge('2026-05-04T08:30:10Z')).toBe('down')
  expect(bridge('2026-05-04T08:10:00Z', { last_event_at: null })).toBe('down')
  expect(bridge(undefined)).toBe('unknown')
  expect(bridge(undefined, { last_applied_at: '2026-05-04T08:30:00Z' })).toBe('up')
})

test('figures are good, to be watched, or bad', () => {
  expect([0.01, 2, 30].map(measureLag)).toEqual(['good', 'watch', 'bad'])
  expect(['reporting', 'reporting.retry.10s', 'reporting.dead', 'webhooks'].map(kindOf)).toEqual(['work', 'retry', 'dead', 'other'])
  expect([0, 99, 100, 10_000].map((waiting) => measureQueue('reporting', waiting))).toEqual(['good', 'good', 'watch', 'bad'])
  expect([measureQueue('reporting.retry.1s', 1), measureQueue('reporting.dead', 1), measureQueue('reporting.dead', 0)]).toEqual(['watch', 'bad', 'good'])
})
