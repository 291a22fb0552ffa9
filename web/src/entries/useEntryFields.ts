// An entry's fields in words, to be put side by side.
import { useI18n } from 'vue-i18n'
import type { TimeEntry } from '@/api/types'
import { useCatalogue } from '@/catalogue/catalogue'
import { whenText } from './refusal'

/** An entry, or what the history knows of one. */
export type EntryState = Pick<TimeEntry, 'start' | 'end' | 'zone' | 'description'> & Partial<Pick<TimeEntry, 'project_id' | 'task_id' | 'tag_ids' | 'billable'>>

export function useEntryFields() {
  const { t } = useI18n()
  const catalogue = useCatalogue()
  return [
    { name: () => t('entries.description'), say: ({ description }: EntryState) => description },
    { name: () => t('entries.when'), say: (entry: EntryState) => whenText(entry) },
    { name: () => t('entries.project'), say: ({ project_id, task_id }: EntryState) => [catalogue.project(project_id)?.name, catalogue.task(task_id)?.name].filter(Boolean).join(' · ') },
    { name: () => t('entries.tags'), say: ({ tag_ids = [] }: EntryState) => tag_ids.flatMap((id) => catalogue.tag(id)?.name ?? []).join(', ') },
    { name: () => t('timer.billable'), say: ({ billable }: EntryState) => t(billable ? 'entries.yes' : 'entries.no') },
  ]
}
