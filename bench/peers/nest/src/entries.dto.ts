import { Type } from 'class-transformer'
import { IsArray, IsBoolean, IsISO8601, IsInt, IsOptional, IsString, IsUUID, Max, Min, ValidateIf } from 'class-validator'

export class NewEntry {
  @IsISO8601({ strict: true, strictSeparator: true })
  start!: string

  @IsOptional()
  @IsISO8601({ strict: true, strictSeparator: true })
  end?: string | null

  @IsOptional()
  @IsString()
  zone?: string | null

  @ValidateIf((entry: NewEntry) => entry.description !== undefined)
  @IsString()
  description?: string

  @IsOptional()
  @IsUUID()
  project_id?: string | null

  @IsOptional()
  @IsUUID()
  task_id?: string | null

  @ValidateIf((entry: NewEntry) => entry.tag_ids !== undefined)
  @IsArray()
  @IsUUID(undefined, { each: true })
  tag_ids?: string[]

  @ValidateIf((entry: NewEntry) => entry.billable !== undefined)
  @IsBoolean()
  billable?: boolean
}

const BOUNDS = { message: 'from 1 to 200' }

export class ListQuery {
  @Type(() => Number)
  @IsInt(BOUNDS)
  @Min(1, BOUNDS)
  @Max(200, BOUNDS)
  limit = 50

  @IsOptional()
  @IsString()
  cursor?: string
}
