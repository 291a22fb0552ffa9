// The days of a week, which begins where the person's profile says.
import type { Me } from '@/api/types'
import { type Day, plusDays } from './zone'

/** 0 is Sunday. */
export const firstWeekday = (weekStart: Me['week_start'] | undefined): number => (weekStart === 'sunday' ? 0 : 1)

export function weekBegin(day: Day, first: number): Day {
  return plusDays(day, -((new Date(`${day}T12:00:00Z`).getUTCDay() - first + 7) % 7))
}

export const daysFrom = (first: Day, count: number): Day[] => Array.from({ length: count }, (_, index) => plusDays(first, index))
