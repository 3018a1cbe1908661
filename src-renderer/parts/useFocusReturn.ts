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

/** Returns a function that gives the focus back to where it was when the component appeared, unless something else has it. */
export function useFocusReturn(): () => void {
  const [place] = useState(() => placeOf(document.activeElement))
  return () => {
    if (!isFree()) return
    place?.focus({ preventScroll: true })
    // It is no longer there, or disabled.
    if (isFree()) document.querySelector<HTMLElement>('main [role=grid], main')?.focus({ preventScroll: true })
  }
}
