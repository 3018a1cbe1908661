import { acceptedLocale } from './format/locale'

// Packages give the locale of the browser to `Intl` as soon as they are loaded (uPlot does): this module is imported before them.
const { language } = navigator
const accepted = acceptedLocale(language)
if (accepted !== language) Object.defineProperty(navigator, 'language', { value: accepted })
