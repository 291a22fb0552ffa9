// How wide a part of the page is, as it changes.
import { onBeforeUnmount, onMounted, ref, type Ref } from 'vue'

export function useElementWidth(box: Ref<HTMLElement | undefined>) {
  const width = ref(window.innerWidth)
  const sizes = new ResizeObserver(([entry]) => (width.value = entry?.contentRect.width ?? width.value))
  onMounted(() => box.value && sizes.observe(box.value))
  onBeforeUnmount(() => sizes.disconnect())
  return width
}
