import { Body, Controller, Get, HttpStatus, Post, Query, Req, Res, UseGuards } from '@nestjs/common'
import type { Request, Response } from 'express'
import { Caller, UserGuard } from './auth.js'
import { ListQuery, NewEntry } from './entries.dto.js'
import { EntriesService } from './entries.service.js'
import { strictly } from './problem.js'

@Controller('api/v1/time-entries')
@UseGuards(UserGuard)
export class EntriesController {
  constructor(private readonly entries: EntriesService) {}

  @Get()
  async list(@Req() request: Request, @Query(strictly('malformed')) query: ListQuery, @Res({ passthrough: true }) response: Response) {
    const page = await this.entries.list(request.user as Caller, query)
    if (page.next_cursor !== null) {
      const next = new URLSearchParams(request.query as Record<string, string>)
      next.delete('cursor')
      next.append('cursor', page.next_cursor)
      response.setHeader('link', `</api/v1/time-entries?${next}>; rel="next"`)
    }
    return page
  }

  @Post()
  async create(@Req() request: Request, @Body(strictly('invalid')) wish: NewEntry, @Res({ passthrough: true }) response: Response) {
    const entry = await this.entries.create(request.user as Caller, wish, request.headers.traceparent)
    response.status(HttpStatus.CREATED)
    response.setHeader('etag', `"${entry.version}"`)
    response.setHeader('location', `/api/v1/time-entries/${entry.id}`)
    return entry
  }
}
