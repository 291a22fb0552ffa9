// The stack that such a service is usually built on. bench/peers/README.md says what is the same as ours and what is not.
import 'reflect-metadata'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { AppModule } from './app.module.js'
import { variable } from './config.js'
import { common } from './headers.js'
import { ProblemFilter } from './problem.js'

const app = await NestFactory.create<NestExpressApplication>(AppModule, { logger: ['error', 'warn', 'fatal'], bodyParser: false })
app.useBodyParser('json', { limit: '1mb' })
app.disable('x-powered-by')
app.use(common)
app.useGlobalFilters(new ProblemFilter())
await app.listen(Number(variable('PEER_PORT')), '127.0.0.1')
