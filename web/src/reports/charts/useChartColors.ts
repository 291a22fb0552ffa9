// The theme's colours as a chart needs them: worked out, and anew when the theme changes.
import { onBeforeUnmount, shallowRef, watch } from 'vue'
import { theme } from '@/app/theme'
import { type ChartColors, colorNames } from './colors'

function read(): ChartColors {
  const probe = document.createElement('span')
  // Where motion is reduced, every change is a short transition, and would be read at its beginning.
  probe.style.transitionProperty = 'none'
  document.body.append(probe)
  const colors = Object.fromEntries(
    colorNames.map((name) => {
      probe.style.color = `var(--color-${name})`
      return [name, getComputedStyle(probe).color]
    }),
  ) as ChartColors
  probe.remove()
  return colors
}

export function useChartColors() {
  const colors = shallowRef(read())
  const again = () => (colors.value = read())
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', again)
  watch(theme, again, { flush: 'post' })
  onBeforeUnmount(() => system.removeEventListener('change', again))
  return colors
}
