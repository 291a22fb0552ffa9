import type { FactoryProvider } from '@nestjs/common'
import { Pool, types } from 'pg'
import { variable } from './config.js'

// The server's zone is UTC: `2026-05-04 07:00:00.12+00` is read as RFC 3339, with its microseconds.
types.setTypeParser(types.builtins.TIMESTAMPTZ, (text) => {
  const [whole, fraction] = text.slice(0, -'+00'.length).replace(' ', 'T').split('.')
  return fraction === undefined ? `${whole}Z` : `${whole}.${fraction.padEnd(6, '0')}Z`
})

export const database: FactoryProvider<Pool> = {
  provide: Pool,
  useFactory: () => {
    const pool = new Pool({
      connectionString: variable('PEER_DATABASE_URL'),
      max: Number(variable('PEER_POOL_SIZE')),
      // As in our runtime.
      connectionTimeoutMillis: 10_000,
      idleTimeoutMillis: 0,
    })
    pool.on('error', (error) => console.error(error.message))
    return pool
  },
}
