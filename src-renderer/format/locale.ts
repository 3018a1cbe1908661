/** What is used where the locale of a browser is none: its numbers and times look like those of the pages. */
const usual = 'en-US'

/** The locale itself, if `Intl` takes it. A browser under LANG=C has "C", which `Intl` refuses with a RangeError. */
export function acceptedLocale(locale: string): string {
  try {
    Intl.getCanonicalLocales(locale)
    return locale
  } catch {
    return usual
  }
}
