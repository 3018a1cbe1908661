/** The view that is open, as an address. */
export interface OpenView {
  present(): string
  /** Returns a function that stops listening. */
  onChange(changed: () => void): () => void
}

const shownMs = 6000

/**
 * Hides a notice after some seconds. One that offers an action stays as long as its view is open, and some seconds after that: to read, decide
 * and click takes its time.
 */
export function hideLater(hasAction: boolean, view: OpenView, hide: () => void): void {
  if (!hasAction) {
    setTimeout(hide, shownMs)
    return
  }
  const before = view.present()
  const stop = view.onChange(() => {
    if (view.present() === before) return
    stop()
    setTimeout(hide, shownMs)
  })
}
