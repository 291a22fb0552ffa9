import type { FactoryProvider } from '@nestjs/common'
import { Pool } from 'pg'
import { variable } from './config.js'

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
