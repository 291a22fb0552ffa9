// The colours of lines: the same in the table and in the donut.
import { computed, type Ref } from 'vue'
import { colorOf } from './charts/options'
import { useChartColors } from './charts/useChartColors'
import type { Line } from './groups'
import { units } from './spans'

export function useLineColors(lines: Ref<Line[]>) {
  const theme = useChartColors()
  const known = computed(() => new Map(lines.value.map((line, index) => [line.id, colorOf(line, index, theme.value)])))
  // Days have no colour, and lines below have one only where it is theirs.
  return (line: Line): string | undefined => (units.some((unit) => unit === line.key.by) ? undefined : (known.value.get(line.id) ?? line.key.color ?? undefined))
}
