// What a report is asked, and how that is written: in the page's address, to the API, and in a saved report.
import type { ReportDefinition } from '@/api/types'
import { type Day, isDay } from '@/time/zone'
import { daysIn, rangeOf, type Range, type Span, spans } from './spans'

export const groups = ['project', 'client', 'task', 'tag', 'billable', 'user', 'day', 'week', 'month', 'year'] as const
export type Group = (typeof groups)[number]

/** The filters that are ids of the catalogue. */
export const named = ['client', 'project', 'task', 'tag'] as const
export type Named = (typeof named)[number]

export interface Filters extends Partial<Record<Named, string>> {
  span: Span | 'custom'
  /** Said for `custom` only. */
  from?: Day
  to?: Day
  by: Group
  then?: Group
  billable?: boolean
  /** A person's id, or `all`; one's own time where nothing is said. */
  user?: string
}

export const STANDARD: Filters = { span: 'this_week', by: 'project' }

type Query = Record<string, string | null | undefined | (string | null)[]>

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i
/** The API's bound: ten years. */
const MOST_DAYS = 3653

const oneOf = <T extends string>(list: readonly T[], text?: string) => list.find((one) => one === text)

/** Whether the API takes these days. */
export const isRange = (from?: Day, to?: Day): boolean => isDay(from) && isDay(to) && from <= to && daysIn({ from, to }) <= MOST_DAYS

/** What the address says; what cannot be read in it is left out. */
export function filtersOf(query: Query): Filters {
  const text = (key: string) => [query[key]].flat()[0] ?? undefined
  const id = (key: string) => (ID.test(text(key) ?? '') ? text(key) : undefined)
  const [from, to] = [text('from'), text('to')]
  const custom = isRange(from, to) ? { span: 'custom' as const, from, to } : undefined
  const by = oneOf(groups, text('by')) ?? STANDARD.by
  const then = oneOf(groups, text('then'))
  const billable = { true: true, false: false }[text('billable') ?? '']
  return clean({
    ...(custom ?? { span: oneOf(spans, text('span')) ?? STANDARD.span }),
    by,
    then: then === by ? undefined : then,
    client: id('client'),
    project: id('project'),
    task: id('task'),
    tag: id('tag'),
    billable,
    user: text('user') === 'all' ? 'all' : id('user'),
  })
}

/** What the address says and no report can be asked: it is left out, which people are told. */
export function unreadIn(query: Query): string[] {
  const known: Record<string, unknown> = { ...filtersOf(query) }
  const said = ['span', 'from', 'to', 'by', 'then', ...named, 'billable', 'user'].filter((key) => [query[key]].flat()[0])
  return said.filter((key) => String(known[key]) !== [query[key]].flat()[0]).map((key) => `${key}=${[query[key]].flat()[0]}`)
}

/** Without what says nothing, so that two that ask the same are the same. */
function clean<T extends object>(all: T): T {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== '')) as T
}

/** The address's part; what is the standard is not said. */
export function queryOf({ span, by, billable, ...rest }: Filters): Record<string, string> {
  return clean({
    ...rest,
    span: span === 'custom' || span === STANDARD.span ? undefined : span,
    by: by === STANDARD.by ? undefined : by,
    billable: billable?.toString(),
  }) as Record<string, string>
}

export const daysOf = ({ span, from = '', to = '' }: Filters, today: Day, weekStart?: string): Range =>
  span === 'custom' ? { from, to } : rangeOf(span, today, weekStart)

/** What every question about these filters has. */
export function askOf(filters: Filters, range: Range) {
  const { user, client, project, task, tag, billable } = filters
  return clean({ ...range, user, client, project, task, tag, billable })
}

/** As it is kept: a span with a name moves with the day. */
export function definitionOf(filters: Filters): ReportDefinition {
  const { span, from, to, by, then, user, client, project, task, tag, billable } = filters
  const days = span === 'custom' ? { from, to } : { span }
  return clean({ ...days, group_by: then ? [by, then] : [by], user, client, project, task, tag, billable })
}

export function filtersOfDefinition({ group_by: [by = STANDARD.by, then], span, billable, ...rest }: ReportDefinition): Filters {
  const text = Object.fromEntries(Object.entries(rest).flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])))
  return filtersOf({ ...text, span, by, then, billable: billable?.toString() })
}

/** How many filters are set. */
export const countOf = (filters: Filters) => [...named, 'billable' as const, 'user' as const].filter((key) => filters[key] !== undefined).length
