// How each part of the system is, as far as it can be told from here. Their own health addresses are for the computer that
// they run on (docs/OPERATING.md); what a browser sees of each is enough to say where to look.
import { Problem } from '@/api/problem'
import type { ReportsStatus } from '@/api/types'

export const services = ['gateway', 'application', 'database', 'keycloak', 'rabbitmq', 'bridge', 'reporting'] as const
export type Service = (typeof services)[number]
export type Health = 'up' | 'down' | 'unknown'

/** Seconds after which a count of the queues, made every five, is no longer fresh. */
export const COUNTED = 30
/** Seconds within which a change is surely in the reports when all is well. */
export const DELIVERED = 15
/** Seconds by which two servers' clocks may differ. */
const CLOCKS = 1

export interface Seen {
  now: number
  /** What the API said last, or why it did not. */
  status?: ReportsStatus
  error?: unknown
  /** Whether the login's public address answers; nothing before it was asked. */
  login?: boolean
  /** When somebody last changed an entry. */
  newestChange?: number
}

const seconds = (from: number, to: number) => (to - from) / 1000

export function healthOf({ now, status, error, login, newestChange }: Seen): Record<Service, Health> {
  return { ...application(status, error), keycloak: login === undefined ? 'unknown' : login ? 'up' : 'down', ...messages(now, error ? undefined : status, newestChange) }
}

function application(status: ReportsStatus | undefined, error: unknown): Record<'gateway' | 'application' | 'database', Health> {
  if (!error) {
    const read: Health = status ? 'up' : 'unknown'
    return { gateway: read, application: read, database: read }
  }
  const problem = error instanceof Problem ? error : new Problem('unknown', 0)
  if (problem.kind === 'offline') return { gateway: 'down', application: 'unknown', database: 'unknown' }
  // The application speaks in problems; the gateway's own refusals are plain text.
  const ours = typeof problem.body.type === 'string'
  if (!ours) return { gateway: 'up', application: 'down', database: 'unknown' }
  return { gateway: 'up', application: 'up', database: problem.kind === 'unavailable' ? 'down' : 'unknown' }
}

function messages(now: number, status: ReportsStatus | undefined, newestChange?: number): Record<'rabbitmq' | 'bridge' | 'reporting', Health> {
  if (!status) return { rabbitmq: 'unknown', bridge: 'unknown', reporting: 'unknown' }
  // The worker asks RabbitMQ for the counts: both have to be there for them.
  const fresh = !!status.counted_at && seconds(Date.parse(status.counted_at), now) <= COUNTED
  if (!fresh) return { rabbitmq: 'down', bridge: 'unknown', reporting: 'down' }
  return { rabbitmq: 'up', bridge: bridge(now, status, newestChange), reporting: 'up' }
}

/** The bridge is seen by what it brings. */
function bridge(now: number, { last_event_at, last_applied_at }: ReportsStatus, newestChange?: number): Health {
  const arrived = last_event_at ? Date.parse(last_event_at) : -Infinity
  if (newestChange !== undefined && seconds(arrived, newestChange) > CLOCKS) return seconds(newestChange, now) > DELIVERED ? 'down' : 'unknown'
  if (newestChange !== undefined) return 'up'
  return last_applied_at && seconds(Date.parse(last_applied_at), now) < 60 ? 'up' : 'unknown'
}

export type Measure = 'good' | 'watch' | 'bad'

/** Seconds from a change to the report. */
export const measureLag = (lag: number) => (lag < 2 ? 'good' : lag < 30 ? 'watch' : 'bad')

/** Which kind of queue it is: what it means, and how much is much. */
export type QueueKind = 'work' | 'retry' | 'dead' | 'other'

export function kindOf(name: string): QueueKind {
  if (name === 'reporting') return 'work'
  if (name.includes('.retry.')) return 'retry'
  return name.endsWith('.dead') ? 'dead' : 'other'
}

export function measureQueue(name: string, waiting: number): Measure {
  if (waiting === 0) return 'good'
  if (kindOf(name) === 'dead') return 'bad'
  if (kindOf(name) === 'retry') return 'watch'
  return waiting < 100 ? 'good' : waiting < 10_000 ? 'watch' : 'bad'
}
