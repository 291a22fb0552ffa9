// Colours of charts. ECharts reads no custom properties: useChartColors works them out.
export const colorNames = ['ink', 'muted', 'line', 'edge', 'surface', 'raised', 'sunken', 'accent'] as const
export type ChartColors = Record<(typeof colorNames)[number], string>

/** A colour between two that are written as `rgb(…)`: `share` of the second. */
export function mixed(one: string, other: string, share: number): string {
  const parts = (color: string) => (color.match(/[\d.]+/g) ?? []).slice(0, 3).map(Number)
  const second = parts(other)
  return `rgb(${parts(one).map((value, index) => Math.round(value + ((second[index] ?? value) - value) * share)).join(', ')})`
}
