import { expect, test } from 'vitest'
import { bucketsOf, rangeOf, type Span, unitOf, weekOf } from './spans'

test.each<[Span, string, string | undefined, string, string]>([
  ['today', '2026-03-01', undefined, '2026-03-01', '2026-03-01'],
  ['yesterday', '2026-03-01', undefined, '2026-02-28', '2026-02-28'],
  // A Wednesday; then a Sunday, which ends one week and begins another.
  ['this_week', '2026-05-06', 'monday', '2026-05-04', '2026-05-10'],
  ['this_week', '2026-05-06', 'sunday', '2026-05-03', '2026-05-09'],
  ['this_week', '2026-05-10', 'iso', '2026-05-04', '2026-05-10'],
  ['this_week', '2026-05-10', 'sunday', '2026-05-10', '2026-05-16'],
  ['last_week', '2026-01-02', 'monday', '2025-12-22', '2025-12-28'],
  ['this_month', '2028-02-11', undefined, '2028-02-01', '2028-02-29'],
  ['last_month', '2026-01-31', undefined, '2025-12-01', '2025-12-31'],
  ['last_month', '2026-03-31', undefined, '2026-02-01', '2026-02-28'],
  ['this_year', '2026-12-31', undefined, '2026-01-01', '2026-12-31'],
  ['last_year', '2026-01-01', undefined, '2025-01-01', '2025-12-31'],
])('%s on %s, weeks from %s', (span, today, start, from, to) => expect(rangeOf(span, today, start)).toEqual({ from, to }))

test('a week has its first day whatever the clocks do', () => {
  expect(weekOf('2026-03-29', 'monday')).toBe('2026-03-23')
  expect(weekOf('2026-10-26', 'monday')).toBe('2026-10-26')
})

test('a span is shown in pieces that can be read', () => {
  const unit = (from: string, to: string) => unitOf({ from, to })
  expect([unit('2026-05-01', '2026-05-31'), unit('2026-01-01', '2026-06-30'), unit('2026-01-01', '2026-12-31'), unit('2016-01-01', '2025-12-31')]).toEqual(['day', 'week', 'month', 'year'])
})

test('its pieces are named as the API does, the empty ones too', () => {
  expect(bucketsOf('day', { from: '2026-02-27', to: '2026-03-02' })).toEqual(['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02'])
  expect(bucketsOf('week', { from: '2026-05-06', to: '2026-05-18' }, 'monday')).toEqual(['2026-05-04', '2026-05-11', '2026-05-18'])
  expect(bucketsOf('week', { from: '2026-05-06', to: '2026-05-18' }, 'sunday')).toEqual(['2026-05-03', '2026-05-10', '2026-05-17'])
  expect(bucketsOf('month', { from: '2025-11-30', to: '2026-02-01' })).toEqual(['2025-11', '2025-12', '2026-01', '2026-02'])
  expect(bucketsOf('year', { from: '2024-06-01', to: '2026-01-01' })).toEqual(['2024', '2025', '2026'])
  expect(bucketsOf('day', { from: '2026-02-27', to: '2026-02-27' })).toEqual(['2026-02-27'])
})
