// A summary as it is shown: lines with shares, slices of a donut, bars over time.
import type { ReportAmount, ReportGroup, ReportKey, Summary } from '@/api/types'

export interface Line {
  id: string
  key: ReportKey
  seconds: number
  /** Of all time, 0 to 1. */
  share: number
  amounts: ReportAmount[]
}

const idOf = ({ by, key }: ReportKey) => `${by} ${key ?? ''}`

const lineOf = (key: ReportKey, seconds: number, amounts: ReportAmount[], total: number): Line => ({
  id: idOf(key),
  key,
  seconds,
  amounts,
  share: total ? seconds / total : 0,
})

/** The lines of a summary by one thing. Shares of tags may be more than the whole together. */
export const linesOf = ({ groups, totals }: Summary): Line[] =>
  groups.flatMap(({ keys: [key], seconds, amounts }) => (key ? [lineOf(key, seconds, amounts, totals.seconds)] : []))

/** The lines below each line of the first group, by its id. */
export function linesBelow({ groups, totals }: Summary): Map<string, Line[]> {
  const below = new Map<string, Line[]>()
  for (const { keys, seconds, amounts } of groups) {
    const [first, second] = keys
    if (!first || !second) continue
    const lines = below.get(idOf(first)) ?? []
    lines.push(lineOf(second, seconds, amounts, totals.seconds))
    below.set(idOf(first), lines)
  }
  return below
}

/** A summary by several things as one by the first alone: what a shared report shows, which cannot be asked again. */
export function byFirst(summary: Summary): Summary {
  const sums = new Map<string, ReportGroup>()
  for (const { keys, seconds, rounded_seconds, amounts } of summary.groups) {
    const key = keys[0]
    if (!key) continue
    const sum = sums.get(idOf(key)) ?? { keys: [key], seconds: 0, rounded_seconds: 0, amounts: [] }
    sums.set(idOf(key), {
      keys: [key],
      seconds: sum.seconds + seconds,
      rounded_seconds: sum.rounded_seconds + rounded_seconds,
      amounts: added(sum.amounts, amounts),
    })
  }
  return { ...summary, group_by: summary.group_by.slice(0, 1), groups: [...sums.values()] }
}

function added(amounts: ReportAmount[], more: ReportAmount[]): ReportAmount[] {
  const sums = new Map(amounts.map(({ currency, amount }) => [currency, amount]))
  for (const { currency, amount } of more) sums.set(currency, (sums.get(currency) ?? 0) + amount)
  return [...sums].map(([currency, amount]) => ({ currency, amount }))
}

export interface Slice {
  /** None: all that is too small to be seen. */
  line?: Line
  seconds: number
}

/** At most so many slices; the rest is one. */
export function slicesOf(lines: Line[], most = 8): Slice[] {
  const sorted = [...lines].sort((a, b) => b.seconds - a.seconds)
  const shown = sorted.length > most ? sorted.slice(0, most - 1) : sorted
  const rest = sorted.slice(shown.length).reduce((sum, { seconds }) => sum + seconds, 0)
  return [...shown.map((line) => ({ line, seconds: line.seconds })), ...(rest ? [{ seconds: rest }] : [])]
}

export interface Bar {
  key: string
  billable: number
  other: number
}

/** A summary by a piece of time and `billable`, with the pieces that have nothing. */
export function barsOf(buckets: string[], { groups }: Pick<Summary, 'groups'>): Bar[] {
  const bars = new Map<string, Bar>(buckets.map((key) => [key, { key, billable: 0, other: 0 }]))
  for (const { keys, seconds } of groups) {
    const bar = bars.get(keys[0]?.key ?? '')
    if (bar) bar[keys[1]?.key === 'true' ? 'billable' : 'other'] += seconds
  }
  return [...bars.values()]
}

export const billableSeconds = (bars: Bar[]) => bars.reduce((sum, { billable }) => sum + billable, 0)

/** 0 (nothing) to 4: how much of the fullest day's time this is. */
export const levelOf = (seconds: number, most: number) => (seconds <= 0 || most <= 0 ? 0 : Math.min(4, Math.ceil((seconds / most) * 4)))
