// What the bar does: start, switch, stop, discard, continue, and change what runs.
import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { keepDraft, readDraft } from '@/app/drafts'
import { complain, tell } from '@/app/toasts'
import { changeAndTell } from '@/entries/changeAndTell'
import { useEntryPages } from '@/entries/list'
import { flat } from '@/entries/pages'
import { restoreEntries } from '@/entries/writes'
import { changesOf, isChanged } from '@/ui/changes'
import { discard, goOn, start, stop, useTimer } from './timer'
import { useBox } from './useBox'
import { noWork, type Work, workKey, workOf } from './work'

/** What the box began with: the entry that runs, by its id, or nothing. */
interface Base {
  id?: string
  work: Work
}

/** What is typed and not saved. */
interface Draft {
  base: Base
  typed: Work
  next: boolean
}

const DRAFT = 'timer'

export function useTimerBar(field: Ref<HTMLInputElement | null>) {
  const { t } = useI18n()
  const { running, known } = useTimer()
  const pages = useEntryPages()
  const entries = () => flat(pages.data.value?.pages ?? [])
  const box = useBox(field, entries, () => saveIfEdited())
  /** While something runs: the box asks for what comes next. */
  const next = ref(false)
  const busy = ref(false)
  /** What is being started, until the API has answered. */
  const starting = shallowRef<Work>()
  const base = shallowRef<Base>({ work: noWork() })

  const runs = computed(() => !!running.value || !!starting.value)
  const isEdited = computed(() => !!running.value && !next.value)

  const quietly = (work: Promise<unknown>) => work.catch(complain)

  const typed = (): Work => ({ ...workOf(box.work), description: box.text.value.trim() })
  const isTyped = () => isChanged(base.value.work, typed())

  function begins(id?: string, work = noWork()) {
    base.value = { id, work }
    box.set(work)
  }

  /** What runs, or an empty box. */
  function show() {
    next.value = false
    begins(running.value?.id, running.value && workOf(running.value))
  }

  function askNext() {
    next.value = true
    begins()
  }

  const draft = readDraft<Draft>(DRAFT)
  if (draft) {
    base.value = draft.base
    next.value = draft.next
    box.set(draft.typed)
  }
  keepDraft(DRAFT, () => (isTyped() ? ({ base: base.value, typed: typed(), next: next.value } satisfies Draft) : undefined))

  /** A rename that was not saved before a reload: a reload goes on, as the leaving of the field does. */
  let isLeft = !!draft && !draft.next

  /** Another entry runs, or what runs has changed. What is being typed stays. */
  function follow() {
    const now = running.value
    const isStarted = !!now && !!starting.value && workKey(now) === workKey(starting.value)
    if (!known.value || (starting.value && !isStarted)) return
    if (!isTyped()) {
      if (!next.value || !now) show()
    } else if (now && (isStarted || now.id === base.value.id)) {
      const [own, text] = [changesOf(base.value.work, typed()), box.text.value]
      begins(now.id, workOf(now))
      Object.assign(box.work, own)
      if (own.description !== undefined) box.text.value = text
      if (isLeft || (isStarted && document.activeElement !== field.value)) void quietly(saveTyped())
    } else {
      // It was typed for something else: it is what comes next.
      base.value = { work: noWork() }
      next.value = !!now
    }
    isLeft = false
  }

  watch([() => running.value && running.value.id + workKey(running.value), known], follow, { immediate: true })

  /** One after the other: whoever stops and starts quickly wants both. */
  let turn: Promise<unknown> = Promise.resolve()
  let waiting = 0

  function afterOthers(work: () => Promise<unknown>) {
    busy.value = true
    waiting++
    const mine = turn.then(async () => {
      await work().catch(complain)
      busy.value = --waiting > 0
    })
    turn = mine
    return mine
  }

  /** Starts what the box says, or stands for. The box has it at once, so that what is typed meanwhile is typed for later. */
  function begin(work: Work) {
    starting.value = work
    next.value = false
    begins(undefined, work)
    field.value?.blur()
    return afterOthers(async () => {
      try {
        await start(work)
        // The query tells of it in a task of its own.
        await new Promise((done) => setTimeout(done))
      } catch (reason) {
        // It is there to be started again; where something else is typed by now, in the message.
        complain(reason, isTyped() ? { label: t('ui.again'), run: () => begin(work) } : undefined)
        if (!isTyped()) base.value = { work: noWork() }
      } finally {
        if (starting.value === work) starting.value = undefined
        follow()
      }
    })
  }

  const saveIfEdited = () => (isEdited.value ? quietly(saveTyped()) : Promise.resolve())

  /** Enter, or the round button. */
  function enter() {
    if (runs.value && !next.value) return quietly(saveTyped())
    return begin(box.settle())
  }

  /** Of what runs, only what was changed here. */
  async function saveTyped() {
    const { id } = base.value
    const work = box.settle()
    if (!id || running.value?.id !== id) return
    const change = changesOf(base.value.work, work)
    if (!Object.keys(change).length) return
    const before = base.value
    base.value = { id, work }
    if (await changeAndTell(running.value, change)) return
    if (base.value.work === work) base.value = before
    else if (!isTyped()) {
      // It does not run any more: the words are there for what comes next.
      begins()
      box.set(work)
    }
  }

  return {
    box,
    running,
    /** Whether something runs, or will as soon as the API has answered. */
    runs,
    next,
    busy,
    show,
    askNext,
    recent: () => box.recent(8),
    begin,
    /** Starts something else: what is typed stays, for what comes next. */
    beginOther: (work: Work) => (isTyped() ? afterOthers(() => start(work)) : begin(work)),
    enter,
    /** Of what runs: the words that were typed, and names that were chosen by typing them. */
    saveTyped: saveIfEdited,
    chose(choice: Partial<Work>) {
      Object.assign(box.work, choice)
      void saveIfEdited()
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
