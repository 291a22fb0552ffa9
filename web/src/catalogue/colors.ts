// Colours to choose from: told apart beside each other, and seen on light and dark ground.
export const COLORS = ['#2f8f83', '#3b82c4', '#6673d9', '#9b5fc8', '#c65a93', '#cf5a4f', '#c9772b', '#a88a1f', '#6f9a3a', '#3f9d5f', '#5f8796', '#87786a']

/** One that few of these have. */
export function freshColor(used: string[]): string {
  const count = (color: string) => used.filter((one) => one.toLowerCase() === color).length
  return COLORS.reduce((best, color) => (count(color) < count(best) ? color : best))
}
