import { Controller, Get, Module } from '@nestjs/common'
import { PassportModule } from '@nestjs/passport'
import { JwtStrategy } from './auth.js'
import { database } from './database.js'
import { EntriesController } from './entries.controller.js'
import { EntriesService } from './entries.service.js'

@Controller()
class HealthController {
  @Get('health')
  health(): string {
    return 'ready'
  }
}

@Module({
  imports: [PassportModule],
  controllers: [EntriesController, HealthController],
  providers: [database, EntriesService, JwtStrategy],
})
export class AppModule {}
