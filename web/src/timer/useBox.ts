// The box's memory: the words, what is chosen beside them, and what is suggested.
import { computed, nextTick, reactive, ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { taken, useOptions } from '@/catalogue/useOptions'
import type { Option } from '@/catalogue/options'
import type { TimeEntry } from '@/api/types'
import { matches, sameName } from '@/ui/matches'
import type { ListOption } from '@/ui/OptionList.vue'
import { parseBox, tokenAt, withoutToken } from './box'
import { useFavourites } from './favourites'
import { recentWork } from './recent'
import { noWork, type Work, workKey, workOf } from './work'

export interface Suggestion extends ListOption {
  option?: Option
  work?: Work
}

export function useBox(field: Ref<HTMLInputElement | null>, entries: () => TimeEntry[]) {
  const { t } = useI18n()
  const { catalogue, options } = useOptions()
  const { favourites } = useFavourites()
  const text = ref('')
  const caret = ref(0)
  const work = reactive<Work>(noWork())
  const token = computed(() => tokenAt(text.value, caret.value))

  function nameOf(one: Work) {
    const project = catalogue.project(one.project_id)
    const tags = one.tag_ids.flatMap((id) => catalogue.tag(id)?.name ?? [])
    const hint = [one.description && project?.name, catalogue.task(one.task_id)?.name, ...tags.map((tag) => `#${tag}`), one.billable && '$']
    return { name: one.description || project?.name || t('timer.noDescription'), hint: hint.filter(Boolean).join(' · '), color: project?.color }
  }

  const suggestions = computed<Suggestion[]>(() => {
    if (token.value) {
      const kind = token.value.sign === '@' ? 'projects' : 'tags'
      return options(kind, token.value.name).slice(0, 9).map((option) => ({ ...option, option }))
    }
    return recent(30).filter(({ name, hint }) => matches(`${name} ${hint}`, text.value)).slice(0, 8)
  })

  /** Favourites, and what was worked on lately. */
  function recent(most: number): Suggestion[] {
    const known = new Map([...favourites.value, ...recentWork(entries(), most)].map((one) => [workKey(one), one]))
    return [...known].slice(0, most).map(([key, one]) => ({ key, work: one, ...nameOf(one) }))
  }

  function set(next: Work, words = next.description) {
    Object.assign(work, workOf(next))
    text.value = words
  }

  /** Takes a project or tag that was suggested for what is being typed. */
  async function takeName(option: Option) {
    const at = token.value
    const ready = await taken(option.project_id || at?.sign === '@' ? 'projects' : 'tags', option)
    if (!ready) return
    if (at) {
      const left = withoutToken(text.value, at)
      text.value = left.text
      caret.value = left.caret
      await nextTick()
      field.value?.setSelectionRange(left.caret, left.caret)
    }
    if (ready.project_id) Object.assign(work, { project_id: ready.project_id, task_id: ready.task_id ?? null })
    else if (ready.tag_id && !work.tag_ids.includes(ready.tag_id)) work.tag_ids = [...work.tag_ids, ready.tag_id]
  }

  /** The words with all names in them made into projects and tags; undefined where one could not be made. */
  async function settle(): Promise<Work | undefined> {
    const typed = parseBox(text.value)
    const find = (kind: 'projects' | 'tags', name: string): Option => {
      const known = catalogue[kind].value.find((item) => !item.archived && sameName(item.name, name))
      const ids = known && (kind === 'projects' ? { project_id: known.id } : { tag_id: known.id })
      return { key: name, name, create: !known, ...ids }
    }
    if (typed.project) {
      const project = await taken('projects', find('projects', typed.project))
      if (!project) return undefined
      Object.assign(work, { project_id: project.project_id, task_id: null })
    }
    for (const name of typed.tags) {
      const tag = await taken('tags', find('tags', name))
      if (!tag?.tag_id) return undefined
      if (!work.tag_ids.includes(tag.tag_id)) work.tag_ids = [...work.tag_ids, tag.tag_id]
    }
    if (typed.billable) work.billable = true
    work.description = typed.description
    text.value = typed.description
    return workOf(work)
  }

  return { text, caret, work, token, suggestions, recent, set, takeName, settle }
}
