// How high a part of the page is, as a CSS variable of the whole page: for what lies beside it.
import { onBeforeUnmount, onMounted, type Ref } from 'vue'

export function useCssHeight(name: `--${string}`, part: Ref<HTMLElement | null>) {
  const { style } = document.documentElement
  const sizes = new ResizeObserver(() => style.setProperty(name, `${part.value?.offsetHeight ?? 0}px`))
  onMounted(() => part.value && sizes.observe(part.value))
  onBeforeUnmount(() => {
    sizes.disconnect()
    style.removeProperty(name)
  })
}
