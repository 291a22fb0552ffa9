// The languages. One is loaded: the one that was chosen, else the browser's.
import { createI18n } from 'vue-i18n'
import type { Texts } from './messages/byFolder'

export const locales = { en: 'English', fr: 'Français', de: 'Deutsch' } as const
export type Locale = keyof typeof locales

const CHOICE = 'timetracker-locale'

const files: Record<Locale, () => Promise<{ default: Texts }>> = {
  en: () => import('./messages/en'),
  fr: () => import('./messages/fr'),
  de: () => import('./messages/de'),
}

const isLocale = (text: string | null | undefined): text is Locale => !!text && text in locales

export const i18n = createI18n({ legacy: false, locale: 'en' as string, fallbackLocale: 'en', messages: {} as Record<string, Texts> })

/** Today's dates and numbers: the browser's region where it fits the language, so that 24 hours stay 24 hours. */
export function region(): string {
  const locale = i18n.global.locale.value
  return navigator.languages.find((language) => language.startsWith(locale)) ?? locale
}

export async function speak(locale: Locale) {
  i18n.global.setLocaleMessage(locale, (await files[locale]()).default)
  i18n.global.locale.value = locale
  document.documentElement.lang = locale
}

export async function choose(locale: Locale) {
  localStorage.setItem(CHOICE, locale)
  await speak(locale)
}

export function preferred(): Locale {
  const wanted = [localStorage.getItem(CHOICE), ...navigator.languages.map((language) => language.slice(0, 2))]
  return wanted.find(isLocale) ?? 'en'
}
