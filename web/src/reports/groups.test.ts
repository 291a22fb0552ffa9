import { expect, test } from 'vitest'
import type { ReportGroup, ReportKey, Summary } from '@/api/types'
import { barsOf, billableSeconds, byFirst, levelOf, linesBelow, linesOf, slicesOf } from './groups'

const key = (by: ReportKey['by'], value: string | null): ReportKey => ({ by, key: value })
const group = (seconds: number, keys: ReportKey[], amounts: ReportGroup['amounts'] = []): ReportGroup => ({ keys, seconds, rounded_seconds: seconds, amounts })
const summary = (seconds: number, groups: ReportGroup[]): Summary => ({
  from: '2026-05-04',
  to: '2026-05-10',
  group_by: groups[0]?.keys.map(({ by }) => by) ?? [],
  totals: { seconds, rounded_seconds: seconds, amounts: [] },
  groups,
})

test('lines have their share of all; nothing has none', () => {
  const lines = linesOf(summary(4000, [group(3000, [key('project', 'a')]), group(1000, [key('project', null)])]))
  expect(lines.map(({ id, share }) => [id, share])).toEqual([['project a', 0.75], ['project ', 0.25]])
  expect(linesOf(summary(0, [group(0, [key('project', 'a')])]))[0]?.share).toBe(0)
})

const pairs = summary(60, [
  group(10, [key('project', 'a'), key('tag', 'x')], [{ currency: 'CHF', amount: 100 }]),
  group(20, [key('project', 'a'), key('tag', null)], [{ currency: 'CHF', amount: 50 }, { currency: 'EUR', amount: 7 }]),
  group(30, [key('project', null), key('tag', 'x')]),
])

test('lines are found below the line they belong to', () => {
  const below = linesBelow(pairs)
  expect(below.get('project a')?.map(({ id, seconds }) => [id, seconds])).toEqual([['tag x', 10], ['tag ', 20]])
  expect(below.get('project ')?.map(({ id, share }) => [id, share])).toEqual([['tag x', 0.5]])
})

test('several groups are added up to the first, money by its currency', () => {
  const { group_by, groups } = byFirst(pairs)
  expect(group_by).toEqual(['project'])
  expect(groups).toEqual([
    group(30, [key('project', 'a')], [{ currency: 'CHF', amount: 150 }, { currency: 'EUR', amount: 7 }]),
    group(30, [key('project', null)]),
  ])
})

test('what is too small for a slice is one together, and no time is lost', () => {
  const lines = linesOf(summary(55, [1, 10, 2, 9, 3, 8, 4, 7, 5, 6].map((seconds) => group(seconds, [key('task', String(seconds))]))))
  const slices = slicesOf(lines, 4)
  expect(slices.map(({ line, seconds }) => [line?.key.key, seconds])).toEqual([['10', 10], ['9', 9], ['8', 8], [undefined, 28]])
  expect(slicesOf(lines, 10)).toHaveLength(10)
  expect(slicesOf([], 4)).toEqual([])
})

test('bars are there for days without time', () => {
  const bars = barsOf(['2026-05-04', '2026-05-05', '2026-05-06'], {
    groups: [
      group(60, [key('day', '2026-05-04'), key('billable', 'true')]),
      group(30, [key('day', '2026-05-04'), key('billable', 'false')]),
      group(15, [key('day', '2026-05-06'), key('billable', 'false')]),
    ],
  })
  expect(bars).toEqual([
    { key: '2026-05-04', billable: 60, other: 30 },
    { key: '2026-05-05', billable: 0, other: 0 },
    { key: '2026-05-06', billable: 0, other: 15 },
  ])
  expect(billableSeconds(bars)).toBe(60)
})

test('a day has one of five shades: none for nothing, some for a second', () => {
  expect([0, 1, 100, 101, 400].map((seconds) => levelOf(seconds, 400))).toEqual([0, 1, 1, 2, 4])
  expect(levelOf(0, 0)).toBe(0)
})
