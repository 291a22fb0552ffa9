// Light, dark, or as the system is. The colours themselves are in style.css, by `light-dark()`.
import { ref } from 'vue'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const CHOICE = 'timetracker-theme'
const kept = localStorage.getItem(CHOICE)

export const theme = ref<Theme>(themes.find((one) => one === kept) ?? 'system')

export function applyTheme() {
  document.documentElement.dataset.theme = theme.value
}

export function chooseTheme(choice: Theme) {
  theme.value = choice
  localStorage.setItem(CHOICE, choice)
  applyTheme()
}
