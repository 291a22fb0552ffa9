// What the charts are told: made of the report's data, the theme's colours and words that are ready.
import { COLORS } from '@/catalogue/colors'
import type { Bar, Line, Slice } from '../groups'
import { levelOf } from '../groups'
import type { ChartColors } from './colors'
import { mixed } from './colors'
import type { ChartOption } from './echarts'

const FONT = "'Inter Variable', ui-sans-serif, system-ui, sans-serif"

/** Text of a name as it is: braces mean something to the tooltip. */
const plain = (name: string) => name.replace(/[{}|]/g, ' ')

const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches

function base(colors: ChartColors): ChartOption {
  return {
    animation: !still(),
    animationDuration: 350,
    textStyle: { fontFamily: FONT, color: colors.muted },
    tooltip: {
      // Not as HTML: its inline styles are against the policy.
      renderMode: 'richText',
      confine: true,
      backgroundColor: colors.raised,
      borderColor: colors.line,
      padding: [8, 12],
      textStyle: { color: colors.ink, fontSize: 13, fontFamily: FONT },
    },
  }
}

/** Paler than the accent: time that nobody pays for. */
const pale = (colors: ChartColors) => mixed(colors.surface, colors.accent, 0.35)

/** Colour of a line: its own, else one by its place; time without a name is grey. */
export function colorOf({ key }: Line, index: number, colors: ChartColors): string {
  if (key.by === 'billable') return key.key === 'true' ? colors.accent : pale(colors)
  return key.color ?? (key.key === null || key.key === undefined ? colors.edge : (COLORS[index % COLORS.length] ?? colors.accent))
}

export interface BarWords {
  name: (bar: Bar) => string
  billable: string
  other: string
  length: (seconds: number) => string
  hours: (seconds: number) => string
}

export function barOption(bars: Bar[], words: BarWords, colors: ChartColors): ChartOption {
  const most = Math.max(...bars.map(({ billable, other }) => billable + other), 3600)
  // Whole hours, some four lines.
  const step = [1, 2, 4, 5, 8, 10, 20, 25, 40, 50, 100, 200, 250, 500, 1000, 2000, 5000].find((hours) => most / 3600 / hours <= 4) ?? 10_000
  const series = (part: 'billable' | 'other', color: string) => ({
    type: 'bar' as const,
    name: words[part],
    stack: 'time',
    barMaxWidth: 34,
    itemStyle: { color },
    emphasis: { disabled: true },
    data: bars.map((bar) => bar[part]),
  })
  return {
    ...base(colors),
    grid: { left: 4, right: 4, top: 12, bottom: 4, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: {
      type: 'category',
      data: bars.map(words.name),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colors.line } },
      axisLabel: { color: colors.muted, hideOverlap: true, fontSize: 12 },
    },
    yAxis: {
      type: 'value',
      interval: step * 3600,
      max: Math.ceil(most / 3600 / step) * step * 3600,
      splitLine: { lineStyle: { color: colors.line } },
      axisLabel: { color: colors.muted, fontSize: 12, formatter: words.hours },
    },
    tooltip: {
      ...base(colors).tooltip,
      trigger: 'axis',
      axisPointer: { type: 'shadow', shadowStyle: { color: colors.sunken, opacity: 0.6 } },
      formatter: (points: unknown) => {
        const bar = bars[(points as { dataIndex: number }[])[0]?.dataIndex ?? -1]
        return bar ? `${words.name(bar)}\n${words.billable}: ${words.length(bar.billable)}\n${words.other}: ${words.length(bar.other)}` : ''
      },
    },
    series: [series('billable', colors.accent), series('other', pale(colors))],
  }
}

export interface SliceWords {
  color: (slice: Slice) => string
  name: (slice: Slice) => string
  length: (seconds: number) => string
  share: (share: number) => string
}

export function donutOption(slices: Slice[], total: number, words: SliceWords, colors: ChartColors): ChartOption {
  return {
    ...base(colors),
    tooltip: {
      ...base(colors).tooltip,
      trigger: 'item',
      formatter: (point: unknown) => {
        const slice = slices[(point as { dataIndex: number }).dataIndex]
        return slice ? `${plain(words.name(slice))}\n${words.length(slice.seconds)} · ${words.share(slice.seconds / total)}` : ''
      },
    },
    series: [
      {
        type: 'pie',
        radius: ['62%', '94%'],
        label: { show: false },
        labelLine: { show: false },
        emphasis: { scaleSize: 3 },
        itemStyle: { borderColor: colors.surface, borderWidth: slices.length > 1 ? 2 : 0 },
        data: slices.map((slice) => ({ value: slice.seconds, itemStyle: { color: words.color(slice) } })),
      },
    ],
  }
}

export interface YearWords {
  day: (day: string) => string
  length: (seconds: number) => string
  /** Sunday first. */
  weekdays: string[]
  months: string[]
  firstDay: number
}

const SHADES = [0, 0.3, 0.55, 0.8, 1]

export const shadesOf = (colors: ChartColors) => SHADES.map((share) => (share ? mixed(colors.surface, colors.accent, share) : colors.sunken))

/** Pixels: of a day, between two, of the names above. */
const sheet = (halves: boolean) => ({ day: halves ? 14 : 18, gap: halves ? 2 : 3, head: 28 })

export function yearHeight(halves: boolean): number {
  const { day, head } = sheet(halves)
  return (halves ? 2 : 1) * (head + 7 * day + 10)
}

/** A year as a sheet of days; where there is little room, as two halves. */
export function yearOption(year: number, days: Map<string, number>, words: YearWords, colors: ChartColors, halves: boolean): ChartOption {
  const most = Math.max(0, ...days.values())
  const { day: size, gap, head } = sheet(halves)
  const ranges = halves ? [[`${year}-01-01`, `${year}-06-30`], [`${year}-07-01`, `${year}-12-31`]] : [[`${year}-01-01`, `${year}-12-31`]]
  const data: [string, number, number][] = []
  for (let at = Date.UTC(year, 0, 1, 12); new Date(at).getUTCFullYear() === year; at += 86_400_000) {
    const day = new Date(at).toISOString().slice(0, 10)
    const seconds = days.get(day) ?? 0
    data.push([day, levelOf(seconds, most), seconds])
  }
  return {
    ...base(colors),
    calendar: ranges.map((range, index) => ({
      range,
      top: head + index * (yearHeight(halves) / ranges.length),
      left: 34,
      right: 4,
      height: 7 * size,
      cellSize: ['auto', size],
      splitLine: { show: false },
      itemStyle: { color: 'transparent', borderColor: colors.surface, borderWidth: gap },
      dayLabel: { firstDay: words.firstDay, nameMap: words.weekdays, color: colors.muted, fontSize: 11 },
      monthLabel: { nameMap: words.months, color: colors.muted, fontSize: 12 },
      yearLabel: { show: false },
    })),
    visualMap: { show: false, type: 'piecewise', dimension: 1, pieces: shadesOf(colors).map((color, value) => ({ value, color })) },
    tooltip: {
      ...base(colors).tooltip,
      formatter: (point: unknown) => {
        const [day, , seconds] = (point as { value: [string, number, number] }).value
        return `${words.day(day)}\n${words.length(seconds)}`
      },
    },
    series: ranges.map(([from = '', to = ''], index) => ({
      type: 'heatmap' as const,
      coordinateSystem: 'calendar' as const,
      calendarIndex: index,
      itemStyle: { borderRadius: gap + 1, borderColor: colors.surface, borderWidth: gap },
      emphasis: { itemStyle: { borderColor: colors.ink, borderWidth: 1 } },
      data: data.filter(([day]) => day >= from && day <= to),
    })),
  }
}
