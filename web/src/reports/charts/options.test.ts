import { beforeAll, expect, test, vi } from 'vitest'
import type { ChartColors } from './colors'
import { mixed } from './colors'
import { barOption, colorOf, donutOption, yearOption } from './options'

const grey = 'rgb(100, 100, 100)'
const colors: ChartColors = { ink: grey, muted: grey, line: grey, edge: 'rgb(9, 9, 9)', surface: 'rgb(255, 255, 255)', raised: grey, sunken: 'rgb(1, 1, 1)', accent: 'rgb(0, 0, 0)' }

beforeAll(() => void vi.stubGlobal('matchMedia', () => ({ matches: true })))

interface Shown {
  animation: boolean
  series: { data: unknown[] }[]
  yAxis: { max: number; interval: number }
  calendar: { range: string[] }[]
  tooltip: { renderMode: string; formatter: (point: unknown) => string }
}
const shown = (option: unknown) => option as Shown

const words = { name: ({ key }: { key: string }) => key, billable: 'B', other: 'O', length: String, hours: String }

test('bars stand on each other, on a scale of whole hours', () => {
  const option = shown(barOption([{ key: 'Mon', billable: 7200, other: 1800 }, { key: 'Tue', billable: 0, other: 27_000 }], words, colors))
  expect(option.series.map(({ data }) => data)).toEqual([[7200, 0], [1800, 27_000]])
  expect([option.yAxis.max, option.yAxis.interval]).toEqual([8 * 3600, 2 * 3600])
  expect(option.tooltip.formatter([{ dataIndex: 1 }])).toBe('Tue\nB: 0\nO: 27000')
  expect(option.tooltip.renderMode).toBe('richText')
  expect(option.animation).toBe(false)
})

test('without any time there is a scale too', () => expect(shown(barOption([{ key: 'Mon', billable: 0, other: 0 }], words, colors)).yAxis.max).toBe(3600))

const line = (key: string | null, color?: string, by: 'project' | 'billable' = 'project') => ({ id: '', key: { by, key, color }, seconds: 1, share: 0, amounts: [] })

test('lines have the colours of what they are; what has no name is grey', () => {
  const color = (...[key, own, by]: Parameters<typeof line>) => colorOf(line(key, own, by), 0, colors)
  expect([color('a', '#123456'), color(null), color('true', undefined, 'billable')]).toEqual(['#123456', colors.edge, colors.accent])
  expect(color('b')).toMatch(/^#/)
  expect(colorOf(line('b'), 1, colors)).not.toBe(color('b'))
})

test('slices say what they are, also what a name has for signs', () => {
  const slices = [{ line: line('a'), seconds: 6 }, { seconds: 2 }]
  const option = shown(donutOption(slices, 8, { color: (slice) => (slice.line ? 'red' : 'grey'), name: ({ line }) => line?.key.key ?? '{b|x}', length: String, share: String }, colors))
  expect(option.series[0]?.data).toEqual([{ value: 6, itemStyle: { color: 'red' } }, { value: 2, itemStyle: { color: 'grey' } }])
  expect(option.tooltip.formatter({ dataIndex: 1 })).toBe(' b x \n2 · 0.25')
})

test('a year has each of its days once, in one sheet or in two halves', () => {
  const days = new Map([['2028-02-29', 7200], ['2028-12-31', 1800]])
  const year = { day: String, length: String, weekdays: [], months: [], firstDay: 1 }
  const whole = shown(yearOption(2028, days, year, colors, false)).series.map(({ data }) => data as [string, number, number][])
  expect(whole.map((data) => data.length)).toEqual([366])
  expect(whole[0]?.filter(([, level]) => level)).toEqual([['2028-02-29', 4, 7200], ['2028-12-31', 1, 1800]])
  const halves = shown(yearOption(2028, days, year, colors, true))
  expect(halves.series.map(({ data }) => data.length)).toEqual([182, 184])
  expect(halves.calendar.map(({ range }) => range[0])).toEqual(['2028-01-01', '2028-07-01'])
})

test('colours are mixed', () => expect(mixed('rgb(0, 100, 200)', 'rgb(100, 0, 200)', 0.5)).toBe('rgb(50, 50, 200)'))
