// The texts of the app. English is the source of the keys; a test holds the others to it.
import { createI18n } from 'vue-i18n'
import de from './locales/de'
import en from './locales/en'
import fr from './locales/fr'

export const locales = { en, fr, de }
export type Locale = keyof typeof locales

const wanted = navigator.languages.map((language) => language.slice(0, 2))
const locale = wanted.find((language): language is Locale => language in locales) ?? 'en'

export const i18n = createI18n({ legacy: false, locale, fallbackLocale: 'en', messages: locales })
