import { type RefObject, useEffect, useRef } from 'react'
import { useRoute } from './route'

/** Where the focus rests when a user has just come to a page: nowhere, on the page as a whole, or on the link to it. */
function isUnclaimed(focused: Element | null): boolean {
  return focused === null || focused === document.body || focused.matches('main, [aria-current=page]')
}

/**
 * After a navigation the focus is on the page, so that its keys work at once. A table claims it when it appears (`claimFocus`); until then
 * `main` has it.
 */
export function useArrival(): RefObject<HTMLElement | null> {
  const main = useRef<HTMLElement>(null)
  const { page, subject, tab } = useRoute()
  const isFirst = useRef(true)
  useEffect(() => {
    if (isFirst.current) {
      isFirst.current = false
      return
    }
    // A link that was followed has done its work.
    const focused = document.activeElement
    if (!isUnclaimed(focused) && focused?.closest('nav') === null) return
    const table = main.current?.querySelector<HTMLElement>('[role=grid]')
    const target = table ?? main.current
    target?.focus({ preventScroll: true })
  }, [page, subject, tab])
  return main
}

/** Takes the focus for an element that has just appeared on the page, unless the user is somewhere else already. */
export function claimFocus(element: HTMLElement | null): void {
  if (element && isUnclaimed(document.activeElement) && document.querySelector('[role=dialog]') === null) {
    element.focus({ preventScroll: true })
  }
}
