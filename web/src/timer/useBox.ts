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
  /** What `$` means. */
  isBillable?: boolean
}

/** `saved` saves the choices, where they are of what runs. */
export function useBox(field: Ref<HTMLInputElement | null>, entries: () => TimeEntry[], saved: () => Promise<unknown>) {
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
    if (token.value?.sign === '$') return work.billable ? [] : [{ key: '$', name: t('timer.billable'), isBillable: true }]
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
    // A space at the end may be the beginning of the next word.
    if (text.value.trim() !== words) text.value = words
  }

  /** Takes the project or tag that was suggested for what is being typed; billable, where it is none. */
  async function takeName(option?: Option) {
    const [at, words, before] = [token.value, text.value, workOf(work)]
    const left = at && withoutToken(words, at)
    const kind = option?.project_id || at?.sign === '@' ? 'projects' : 'tags'
    const ready = option && (await taken(kind, option, () => putBack(words, left?.text, before)))
    if (option && !ready) return
    if (left) {
      text.value = left.text
      caret.value = left.caret
      await nextTick()
      field.value?.setSelectionRange(left.caret, left.caret)
    }
    if (!ready) work.billable = true
    else choose(ready)
  }

  function choose({ project_id, task_id, tag_id }: Option) {
    if (project_id) Object.assign(work, { project_id, task_id: task_id ?? null })
    else if (tag_id && !work.tag_ids.includes(tag_id)) work.tag_ids = [...work.tag_ids, tag_id]
  }

  /** As it was before a name was made: also its words, where nothing was typed since. */
  async function putBack(words: string, left: string | undefined, { project_id, task_id, tag_ids }: Work) {
    Object.assign(work, { project_id, task_id, tag_ids })
    if (text.value === left) text.value = words
    await saved()
  }

  /** The words, with the names in them that there are made into projects and tags. All else stays in the words. */
  function settle(): Work {
    const find = (kind: 'projects' | 'tags', name: string) => catalogue[kind].value.find((item) => !item.archived && sameName(item.name, name))
    const typed = parseBox(text.value, (sign, name) => !!find(sign === '@' ? 'projects' : 'tags', name))
    if (typed.project !== undefined) choose({ key: '', name: typed.project, project_id: find('projects', typed.project)?.id })
    for (const name of typed.tags) choose({ key: '', name, tag_id: find('tags', name)?.id })
    work.description = typed.description
    text.value = typed.description
    return workOf(work)
  }

  return { text, caret, work, token, suggestions, recent, set, takeName, settle }
}
