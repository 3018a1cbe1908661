import { type RefObject, useLayoutEffect, useRef } from 'react'

const still = matchMedia('(prefers-reduced-motion: reduce)')
const moveMs = 600

interface Place {
  readonly cell: Element | null
  readonly x: number
  readonly y: number
}

/** Lets each element with `data-moves` glide from the cell where the same name was before, unless the reader wants no motion. */
export function useMoves(table: RefObject<HTMLElement | null>): void {
  const before = useRef<ReadonlyMap<string, Place>>(new Map())
  useLayoutEffect(() => {
    const area = table.current
    if (!area) return
    const now = new Map<string, Place>()
    for (const element of area.querySelectorAll<HTMLElement>('[data-moves]')) {
      const name = element.dataset.moves ?? ''
      const place = placeIn(area, element)
      const from = before.current.get(name)
      now.set(name, place)
      if (!from || from.cell === place.cell || still.matches) continue
      element.animate(
        [{ transform: `translate(${from.x - place.x}px, ${from.y - place.y}px)` }, { transform: 'none' }],
        { duration: moveMs, easing: 'ease-in-out' },
      )
    }
    before.current = now
  })
}

/** Where the layout has an element, whether it is still gliding there or not. */
function placeIn(area: HTMLElement, element: HTMLElement): Place {
  let x = 0
  let y = 0
  let at: Element | null = element
  while (at instanceof HTMLElement && at !== area) {
    x += at.offsetLeft
    y += at.offsetTop
    at = at.offsetParent
  }
  return { cell: element.closest('td'), x, y }
}
