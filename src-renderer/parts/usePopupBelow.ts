import { type RefObject, useLayoutEffect } from 'react'

const gapPx = 3

/**
 * Shows a popup below its field, or above it where there is no room, over everything else: a dialog that scrolls would cut it off. A browser
 * without popovers shows it where its style sheet has it.
 * @param content changes whenever the size of the popup may have changed
 */
export function usePopupBelow(
  field: RefObject<HTMLElement | null>,
  popup: RefObject<HTMLElement | null>,
  isShown: boolean,
  content: unknown,
): void {
  useLayoutEffect(() => {
    const element = popup.current
    if (!isShown || !element?.showPopover) return
    if (!element.matches(':popover-open')) element.showPopover()
    const place = () => {
      if (!field.current) return
      const { left, top, bottom, width } = field.current.getBoundingClientRect()
      const style = element.style
      style.position = 'fixed'
      style.minWidth = `${width}px`
      const list = element.querySelector<HTMLElement>('[role=listbox]')
      list?.style.removeProperty('max-height')
      const isAbove = innerHeight - bottom < element.offsetHeight + gapPx && top > innerHeight - bottom
      const tooHigh = element.offsetHeight + 2 * gapPx - (isAbove ? top : innerHeight - bottom)
      if (list && tooHigh > 0) list.style.maxHeight = `${list.offsetHeight - tooHigh}px`
      style.inset = isAbove ? `auto auto ${innerHeight - top + gapPx}px auto` : `${bottom + gapPx}px auto auto auto`
      style.left = `${Math.max(0, Math.min(left, innerWidth - element.offsetWidth - gapPx))}px`
    }
    // A new size would undo the scrolling of its own list.
    const onScroll = ({ target }: Event) => {
      if (!(target instanceof Node && element.contains(target))) place()
    }
    place()
    addEventListener('resize', place)
    addEventListener('scroll', onScroll, { capture: true, passive: true })
    return () => {
      removeEventListener('resize', place)
      removeEventListener('scroll', onScroll, { capture: true })
      element.style.cssText = ''
    }
  }, [field, popup, isShown, content])
}
