// Why a change of an entry was refused, with the entry that stands in the way, if one does.
import { Problem } from '@/api/problem'
import type { TimeEntry } from '@/api/types'
import { words, type Words } from '@/api/words'
import { i18n } from '@/app/i18n'
import { clock, dayName } from '@/time/format'
import { wallOf } from '@/time/zone'
import { knownEntry } from './cache'
import { readEntry } from './writes'

export interface Refusal extends Words {
  other?: TimeEntry
  /** The same may succeed in a moment. */
  passing: boolean
}

export const timesText = ({ start, end, zone }: Pick<TimeEntry, 'start' | 'end' | 'zone'>) => {
  const { t } = i18n.global
  return `${clock(wallOf(start, zone).minutes)}–${end ? clock(wallOf(end, zone).minutes) : t('entries.running')}`
}

/** `Monday, 12 January, 09:00–10:30`. */
export const whenText = (entry: Pick<TimeEntry, 'start' | 'end' | 'zone'>) => `${dayName(wallOf(entry.start, entry.zone).day, entry.zone)}, ${timesText(entry)}`

export async function refusalOf(reason: unknown): Promise<Refusal> {
  const { t } = i18n.global
  const said = words(reason)
  const passing = reason instanceof Problem && reason.passing
  const id = reason instanceof Problem && reason.kind === 'overlap' ? reason.body['conflict'] : undefined
  const other = typeof id === 'string' ? (knownEntry(id) ?? (await readEntry(id).catch(() => undefined))) : undefined
  if (!other) return { ...said, passing }
  return { ...said, title: t('entries.inTheWay', { name: other.description || t('timer.noDescription'), times: timesText(other) }), other, passing }
}
