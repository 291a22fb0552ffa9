// The parts of ECharts that the reports use, drawn as SVG: sharp when zoomed, and nothing in it needs a style element.
import { BarChart, type BarSeriesOption, HeatmapChart, type HeatmapSeriesOption, PieChart, type PieSeriesOption } from 'echarts/charts'
import {
  CalendarComponent,
  type CalendarComponentOption,
  GridComponent,
  type GridComponentOption,
  TooltipComponent,
  type TooltipComponentOption,
  VisualMapComponent,
  type VisualMapComponentOption,
} from 'echarts/components'
import { type ComposeOption, init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([BarChart, HeatmapChart, PieChart, CalendarComponent, GridComponent, TooltipComponent, VisualMapComponent, SVGRenderer])

export type ChartOption = ComposeOption<
  | BarSeriesOption
  | HeatmapSeriesOption
  | PieSeriesOption
  | CalendarComponentOption
  | GridComponentOption
  | TooltipComponentOption
  | VisualMapComponentOption
>

export const makeChart = (element: HTMLElement) => init(element, null, { renderer: 'svg' })
