// What is timed, without when.
import type { TimeEntry } from '@/api/types'

export type Work = Required<Pick<TimeEntry, 'description' | 'project_id' | 'task_id' | 'tag_ids' | 'billable'>>

export const noWork = (): Work => ({ description: '', project_id: null, task_id: null, tag_ids: [], billable: false })

export const workOf = ({ description, project_id, task_id, tag_ids, billable }: TimeEntry | Work): Work => ({
  description,
  project_id: project_id ?? null,
  task_id: task_id ?? null,
  tag_ids: [...tag_ids],
  billable,
})

/** The same work has the same key. */
export const workKey = (work: TimeEntry | Work) =>
  JSON.stringify([work.description, work.project_id ?? null, work.task_id ?? null, [...work.tag_ids].sort(), work.billable])
