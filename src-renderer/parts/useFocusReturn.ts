import { useState } from 'react'

/** What had the focus is gone, and nothing else has taken it. */
function isFree(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

/** Where the focus belongs when what opens now is closed: for an item of a menu, on the button of the menu. */
function placeOf(focused: Element | null): HTMLElement | null {
  const button = focused?.closest('[role=menu]')?.getAttribute('aria-labelledby')
  const place = button ? document.getElementById(button) : focused
  return place instanceof HTMLElement ? place : null
}

/**
 * For `onCloseAutoFocus`. Radix gives the focus back in a timer after something was closed: what has taken it meanwhile, such as the
 * palette, keeps it.
 */
export function keepFocus(event: Event): void {
  if (!isFree()) event.preventDefault()
}

function focusPage(): void {
  const main = document.querySelector('main')
  const table = main?.querySelector<HTMLElement>('[role=grid]')
  const place = table ?? main
  place?.focus({ preventScroll: true })
}

/** What was done may remove `place`, or disable it, a moment later, such as the button in the row of what was deleted. Then the page has the focus. */
function watch(place: HTMLElement): void {
  const observer = new MutationObserver(() => {
    if (document.activeElement === place) return
    observer.disconnect()
    if (isFree() && (!place.isConnected || place.matches(':disabled'))) focusPage()
  })
  observer.observe(document.body, { childList: true, subtree: true, attributeFilter: ['disabled'] })
}

/** Returns a function that gives the focus back to where it was when the component appeared, unless something else has it. */
export function useFocusReturn(): () => void {
  const [place] = useState(() => placeOf(document.activeElement))
  return () => {
    if (!isFree()) return
    place?.focus({ preventScroll: true })
    // It is no longer there, or disabled.
    if (isFree()) focusPage()
    else if (place) watch(place)
  }
}
