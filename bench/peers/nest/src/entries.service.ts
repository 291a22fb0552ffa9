import { randomBytes, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Injectable } from '@nestjs/common'
import { Pool } from 'pg'
import type { Caller } from './auth.js'
import { ListQuery, NewEntry } from './entries.dto.js'
import { Problem } from './problem.js'
import { checked } from './rules.js'

const OURS = new URL('../../../../crates/endpoints/time-entries/src/sql/list_entries.sql', import.meta.url)
/** Of our statement those parts that the newest entries of one person need; the rest of it is in the file. */
const LIST = `SELECT tracking.entry_json(e) AS entry FROM tracking.time_entries e WHERE user_id = $1::uuid
${readFileSync(OURS, 'utf8')} AND ($11::timestamp IS NULL OR (started_at, id) < ($11::timestamp AT TIME ZONE 'UTC', $12::uuid))
ORDER BY started_at DESC, id DESC LIMIT $13::bigint`
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

@Injectable()
export class EntriesService {
  constructor(private readonly pool: Pool) {}

  async list(caller: Caller, { limit, cursor }: ListQuery) {
    const after = cursor === undefined ? undefined : position(cursor)
    const { rows } = await this.pool.query<{ entry: Entry }>({
      // Named, so that it is prepared once on each connection.
      name: 'list',
      text: LIST,
      values: [caller.id, null, null, null, null, null, null, null, null, null, after?.at.replace('Z', '') ?? null, after?.id ?? null, limit + 1],
    })
    const items = rows.slice(0, limit).map(({ entry }) => shown(entry))
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
