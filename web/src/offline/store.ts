// This browser's own database: what waits to be sent, and what is known, for each person.
import type { DehydratedState } from '@tanstack/vue-query'
import { type DBSchema, type IDBPDatabase, openDB } from 'idb'
import type { Lasting, Op } from './ops'

export interface Refusal {
  kind: string
  status: number
  body: Record<string, unknown>
}

/** A change that is not with the API yet. */
export interface Waiting {
  /** Its place in the order. */
  seq: number
  person: string
  /** Its idempotency key. */
  key: string
  op: Lasting
  /** What was sent under the key before, in case it arrived and only its answer was lost. */
  tried?: Op
  /** Why the API does not take it: a person has to decide. */
  refused?: Refusal
}

interface Schema extends DBSchema {
  waiting: { key: number; value: Waiting; indexes: { person: string } }
  /** The ids that the API has given to what had one of ours. */
  given: { key: string; value: { ours: string; id: string; version: number } }
  /** What has been read, by person. */
  known: { key: string; value: { form: number; at: number; state: DehydratedState } }
}

let opened: Promise<IDBPDatabase<Schema>> | undefined

export const store = () =>
  (opened ??= openDB<Schema>('timetracker', 1, {
    upgrade(db) {
      db.createObjectStore('waiting', { keyPath: 'seq', autoIncrement: true }).createIndex('person', 'person')
      db.createObjectStore('given', { keyPath: 'ours' })
      db.createObjectStore('known')
    },
  }))
