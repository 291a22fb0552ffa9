// What a saved report asks, in a line.
import type { ReportDefinition } from '@/api/types'
import { i18n } from '@/app/i18n'
import { countOf, filtersOfDefinition } from './filters'
import { rangeName } from './words'

export function definitionText(definition: ReportDefinition): string {
  const { t } = i18n.global
  const filters = filtersOfDefinition(definition)
  const days = filters.span === 'custom' ? rangeName({ from: filters.from ?? '', to: filters.to ?? '' }) : t(`reports.spans.${filters.span}`)
  const count = countOf(filters)
  return [days, ...definition.group_by.map((group) => t(`reports.group.${group}`)), ...(count ? [t('reports.filterCount', { n: count }, count)] : [])].join(' · ')
}
