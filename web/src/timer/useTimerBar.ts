// What the bar does: start, switch, stop, discard, continue, and change what runs.
import { ref, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { complain, tell } from '@/app/toasts'
import type { TimeEntryChange } from '@/api/types'
import { changeAndTell } from '@/entries/changeAndTell'
import { useEntryPages } from '@/entries/list'
import { flat } from '@/entries/pages'
import { restoreEntries } from '@/entries/writes'
import { discard, goOn, start, stop, useTimer } from './timer'
import { useBox } from './useBox'
import { noWork, type Work, workKey, workOf } from './work'

export function useTimerBar(field: Ref<HTMLInputElement | null>) {
  const { t } = useI18n()
  const { running } = useTimer()
  const pages = useEntryPages()
  const entries = () => flat(pages.data.value?.pages ?? [])
  const box = useBox(field, entries)
  /** While something runs: the box asks for what comes next. */
  const next = ref(false)
  const busy = ref(false)

  /** What runs, or an empty box. */
  function show() {
    next.value = false
    box.set(running.value ? workOf(running.value) : noWork())
  }

  function askNext() {
    next.value = true
    box.set(noWork())
  }

  /** One after the other: whoever stops and starts quickly wants both. */
  let turn: Promise<unknown> = Promise.resolve()

  function afterOthers(work: () => Promise<unknown>) {
    const mine = turn.then(async () => {
      busy.value = true
      await work().catch(complain)
      busy.value = false
    })
    turn = mine
    return mine
  }

  const begin = (work: Work) =>
    afterOthers(async () => {
      await start(work)
      show()
    })

  /** Enter, or the round button. */
  const enter = () =>
    afterOthers(async () => {
      if (running.value && !next.value) return save()
      const work = await box.settle()
      if (!work) return
      await start(work)
      show()
      field.value?.blur()
    })

  async function save(change?: TimeEntryChange) {
    if (!running.value) return
    if (change) {
      await changeAndTell(running.value, change)
      return
    }
    const work = await box.settle()
    if (work && running.value && workKey(work) !== workKey(running.value)) await changeAndTell(running.value, work)
  }

  watch(
    () => running.value && running.value.id + workKey(running.value),
    (_now, before) => {
      // A timer that was started elsewhere while somebody types here: what they type is what comes next.
      if (!before && !busy.value && box.text.value.trim()) next.value = true
      else if (busy.value || !next.value) {
        if (document.activeElement !== field.value || busy.value || !running.value) show()
      }
    },
    { immediate: true },
  )

  const quietly = (work: Promise<unknown>) => work.catch(complain)

  return {
    box,
    running,
    next,
    busy,
    show,
    askNext,
    recent: () => box.recent(8),
    begin,
    enter,
    /** The words of what runs. */
    saveWords: () => quietly(save()),
    /** What was chosen by typing its name, of what runs. */
    saveChoice: () => (running.value && !next.value ? quietly(save({ project_id: box.work.project_id, task_id: box.work.task_id, tag_ids: box.work.tag_ids })) : Promise.resolve()),
    chose(choice: Partial<Work>) {
      Object.assign(box.work, choice)
      if (running.value && !next.value) void quietly(save(choice))
    },
    stopNow: () => afterOthers(() => stop()),
    throwAway: () =>
      afterOthers(async () => {
        const gone = await discard()
        if (gone) tell(t('timer.discarded'), { label: t('ui.undo'), run: () => restoreEntries([gone]).catch(complain) })
      }),
    continueLast: () =>
      afterOthers(async () => {
        const last = entries().find(({ end }) => end)
        if (last) await goOn(last)
      }),
  }
}
