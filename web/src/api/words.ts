// A refusal in words: what happened, and what to do next.
import { i18n } from '@/app/i18n'
import { dateText } from '@/time/format'
import { myZone } from '@/time/myZone'
import { wallOf } from '@/time/zone'
import { Problem } from './problem'

export interface Words {
  title: string
  next: string
}

export function words(reason: unknown): Words {
  const { t, te } = i18n.global
  const kind = reason instanceof Problem ? reason.kind : 'unknown'
  const before = reason instanceof Problem && kind === 'locked' ? reason.body['locked_before'] : undefined
  if (typeof before === 'string') {
    return { title: t('api.problem.locked.title'), next: t('api.problem.locked.until', { day: dateText(wallOf(before, myZone()).day, { dateStyle: 'long' }) }) }
  }
  if (te(`api.problem.${kind}.title`)) return { title: t(`api.problem.${kind}.title`), next: t(`api.problem.${kind}.next`) }
  // A kind that is newer than the page: the API's own words.
  const body = reason instanceof Problem ? reason.body : {}
  return { title: body.title ?? t('api.problem.unknown.title'), next: body.detail ?? t('api.problem.unknown.next') }
}
