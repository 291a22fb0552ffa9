// A change whose refusal is told. Answers whether it was made. What could not be sent is kept for another try, so nothing typed is lost.
import type { TimeEntry, TimeEntryChange } from '@/api/types'
import { i18n } from '@/app/i18n'
import { tellWrong } from '@/app/toasts'
import { knownEntry } from './cache'
import { refusalOf } from './refusal'
import { changeEntry } from './writes'

export async function changeAndTell(entry: TimeEntry, change: TimeEntryChange): Promise<boolean> {
  try {
    await changeEntry(entry, change)
    return true
  } catch (reason) {
    const refusal = await refusalOf(reason)
    const again = { label: i18n.global.t('ui.again'), run: () => changeAndTell(knownEntry(entry.id) ?? entry, change) }
    tellWrong(refusal, refusal.passing ? again : undefined)
    return false
  }
}
