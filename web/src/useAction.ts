// One thing a person does at a time: whether it is under way, and why it was refused, in their language.
import { ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { Problem } from './api'

export function useAction() {
  const { t, te } = useI18n()
  const busy = ref(false)
  const error = ref('')

  function words(problem: unknown): string {
    if (!(problem instanceof Problem)) return t('error.unknown')
    const known = [problem.kind, problem.field].find((key) => key && te(`error.${key}`, 'en'))
    return known ? t(`error.${known}`) : problem.message || t('error.unknown')
  }

  /** Answers whether it worked. */
  async function run(action: () => Promise<unknown>): Promise<boolean> {
    busy.value = true
    error.value = ''
    try {
      await action()
      return true
    } catch (problem) {
      error.value = words(problem)
      return false
    } finally {
      busy.value = false
    }
  }

  return { run, busy, error }
}
