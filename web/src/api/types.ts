// Short names for what the API speaks of.
import type { components } from './schema'

type Schemas = components['schemas']

export type TimeEntry = Schemas['TimeEntry']
export type NewTimeEntry = Schemas['NewTimeEntry']
export type TimeEntryChange = Schemas['TimeEntryChange']
export type BulkItem = Schemas['BulkItem']
export type BulkOutcome = Schemas['BulkOutcome']
export type NewTimer = Schemas['NewTimer']
export type Timer = Schemas['Timer']
export type Me = Schemas['Me']
export type MeChange = Schemas['MeChange']
export type Project = Schemas['Project']
export type Client = Schemas['Client']
export type Task = Schemas['Task']
export type Tag = Schemas['Tag']
export type ProblemBody = Schemas['Problem']
