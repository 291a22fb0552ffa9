// The keys of a list of suggestions below a field: arrows move, Enter takes. `first` says where one is at the beginning.
import { nextTick, ref, useId, watch, type Ref } from 'vue'

export function useListbox<T>(options: Ref<T[]>, take: (option: T) => void, first: () => number = () => 0) {
  const id = useId()
  /** −1: none. */
  const active = ref(first())
  const optionId = (index: number) => `${id}-${index}`

  watch(options, () => (active.value = Math.min(first(), options.value.length - 1)))
  watch(active, async (index) => {
    await nextTick()
    document.getElementById(optionId(index))?.scrollIntoView({ block: 'nearest' })
  })

  function move(by: number) {
    const { length } = options.value
    if (length) active.value = (active.value + by + length + (active.value < 0 && by < 0 ? 1 : 0)) % length
  }

  /** Answers whether the key was one of the list's. */
  function onKeydown(event: KeyboardEvent): boolean {
    const option = options.value[active.value]
    if (event.isComposing) return false
    if (event.key === 'ArrowDown') move(1)
    else if (event.key === 'ArrowUp') move(-1)
    else if (event.key === 'Enter' && option !== undefined) take(option)
    else return false
    event.preventDefault()
    return true
  }

  return { id, active, optionId, onKeydown }
}
