import type { PointerEvent } from 'react'
import type { Column, Widths } from './table-columns'

const leastWidth = 40

/**
 * The widths with which a column is so wide and its left edge stays where it is: columns before it that share the room keep the widths that
 * they have. Otherwise they would give way, and the edge that is dragged would lag behind the pointer.
 */
export function widthsWith(heading: HTMLElement, columns: readonly Column<never>[], width: number): Widths {
  const own = heading.dataset.column ?? ''
  const at = columns.findIndex(({ id }) => id === own)
  const sharing = new Set(columns.slice(0, at).flatMap(({ id, width: track }) => (/^\d+px$/.test(track) ? [] : [id])))
  const before = [...(heading.parentElement?.querySelectorAll<HTMLElement>('[data-column]') ?? [])]
    .filter(({ dataset }) => sharing.has(dataset.column ?? ''))
    .map((other) => [other.dataset.column, other.getBoundingClientRect().width] as const)
  return { ...Object.fromEntries(before), [own]: Math.max(leastWidth, Math.round(width)) }
}

/**
 * Drags the right edge of a heading.
 *
 * @param show called with each move, and has to be quick
 * @param keep called at the end, if the pointer moved
 */
export function dragEdge(
  event: PointerEvent<HTMLElement>,
  columns: readonly Column<never>[],
  show: (widths: Widths) => void,
  keep: (widths: Widths) => void,
): void {
  const grip = event.currentTarget
  const heading = grip.parentElement
  if (!heading) return
  const startAt = event.clientX
  const startWidth = heading.getBoundingClientRect().width
  let last: Widths | null = null
  grip.setPointerCapture(event.pointerId)
  grip.onpointermove = ({ clientX }) => {
    // Chromium tells a move also where the page moved below the pointer.
    if (clientX === startAt && last === null) return
    last = widthsWith(heading, columns, startWidth + clientX - startAt)
    show(last)
  }
  const end = () => {
    grip.onpointermove = null
    grip.onpointerup = null
    grip.onlostpointercapture = null
    if (last) keep(last)
  }
  grip.onpointerup = end
  // The pointer is lost, such as to another window.
  grip.onlostpointercapture = end
}
