import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Injectable } from '@nestjs/common'
import { Pool } from 'pg'
import type { Caller } from './auth.js'
import { ListQuery, NewEntry } from './entries.dto.js'
import { Problem } from './problem.js'
import { checked } from './rules.js'

const COLUMNS = readFileSync(
  new URL('../../../../crates/endpoints/time-entries/src/sql/entry_columns.sql', import.meta.url), 'utf8')
const AFTER = "AND (e.started_at, e.id) < ($2::timestamp AT TIME ZONE 'UTC', $3::uuid)"
/** As ours is for the newest entries of one person; `after` says which of them are on the next page. */
const list = (after: string, limit: number) =>
  `SELECT ${COLUMNS} FROM tracking.time_entries e WHERE deleted_at IS NULL AND user_id = $1::uuid ${after}
ORDER BY e.started_at DESC, e.id DESC LIMIT ${limit}`
const HOME_ZONE = 'SELECT zone FROM tracking.users WHERE id = $1::uuid'
const WRITE = 'SELECT tracking.write($1::jsonb, $2::text, $3::jsonb) AS written'

export interface Entry {
  id: string
  user_id: string
  start: string
  end: string | null
  zone: string
  seconds: number | null
  description: string
  project_id: string | null
  task_id: string | null
  tag_ids: string[]
  billable: boolean
  version: number
  created_at: string
  updated_at: string
}

/** Our entry_columns.sql; instants as database.ts reads them. */
type Row = Omit<Entry, 'user_id' | 'start' | 'end' | 'seconds' | 'version'> &
  { started_at: string; ended_at: string | null; version: string }

@Injectable()
export class EntriesService {
  constructor(private readonly pool: Pool) {}

  async list(caller: Caller, { limit, cursor }: ListQuery) {
    const after = cursor === undefined ? undefined : position(cursor)
    // Named, so that each is prepared once on each connection.
    const { rows } = await this.pool.query<Row>(
      after === undefined
        ? { name: `first-${limit}`, text: list('', limit + 1), values: [caller.id] }
        : { name: `next-${limit}`, text: list(AFTER, limit + 1), values: [caller.id, after.at.replace('Z', ''), after.id] },
    )
    const items = rows.slice(0, limit).map((row) => read(row, caller))
    const last = items.at(-1)
    const more = rows.length > limit && last !== undefined
    const next = more ? Buffer.from(JSON.stringify({ sort: '-start', at: last.start, id: last.id })).toString('base64url') : null
    return { items, next_cursor: next }
  }

  async create(caller: Caller, wish: NewEntry, traceparent: unknown): Promise<Entry> {
    const home = await this.pool.query<{ zone: string }>({ name: 'home', text: HOME_ZONE, values: [caller.id] })
    const fields = checked(wish, home.rows[0]?.zone ?? 'UTC', Date.now())
    const who = {
      user: caller.id, username: caller.username, name: caller.name, roles: caller.roles,
      traceparent: typeof traceparent === 'string' ? traceparent : trace(),
    }
    const { rows } = await this.pool.query<{ written: { done?: Entry } }>({
      name: 'write',
      text: WRITE,
      values: [JSON.stringify(who), 'create_entry', JSON.stringify({ id: randomUUID(), ...fields })],
    })
    const written = rows[0]?.written ?? {}
    if (written.done === undefined) throw Problem.refused(written)
    return shown(written.done)
  }
}

function read(row: Row, caller: Caller): Entry {
  const { id, started_at: start, ended_at: end, version, ...fields } = row
  const seconds = end === null ? null : (Date.parse(end) - Date.parse(start)) / 1000
  return shown({ id, user_id: caller.id, start, end, seconds, version: Number(version), ...fields })
}

/** An entry in the order of our fields. */
function shown(e: Entry): Entry {
  return {
    id: e.id, user_id: e.user_id, start: e.start, end: e.end, zone: e.zone, seconds: e.seconds,
    description: e.description, project_id: e.project_id, task_id: e.task_id, tag_ids: e.tag_ids,
    billable: e.billable, version: e.version, created_at: fraction(e.created_at), updated_at: fraction(e.updated_at),
  }
}

/** A fraction of whole milliseconds is written with three digits. */
function fraction(at: string): string {
  return at.replace(/(\.\d{3})000Z$/, '$1Z')
}

function position(cursor: string): { at: string; id: string } {
  try {
    const { sort, at, id } = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Record<string, unknown>
    if (sort === '-start' && typeof at === 'string' && typeof id === 'string') return { at, id }
  } catch {
    // It is refused below.
  }
  throw new Problem('invalid', { detail: 'This is no cursor of ours: begin the list again without it.', field: 'cursor' })
}

function trace(): string {
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`
}
