import { useRef } from 'react'
import css from './parts.module.css'
import { useVisibleRows } from './useVisibleRows'

const rowHeight = 26

interface Props<Item> {
  readonly items: readonly Item[]
  readonly labelOf: (item: Item) => string
  readonly isChecked: (item: Item) => boolean
  readonly onToggle: (item: Item) => void
}

/** Boxes to tick, of any number: only the visible ones are in the document. */
export function CheckList<Item extends string | number>({ items, labelOf, isChecked, onToggle }: Props<Item>) {
  const list = useRef<HTMLDivElement>(null)
  const visible = useVisibleRows(
    list,
    items.map(() => rowHeight),
  )
  const longest = items.reduce((most, item) => (labelOf(item).length > most.length ? labelOf(item) : most), '')
  return (
    <div ref={list} className={css.checks}>
      <div style={{ height: visible.totalHeight }}>
        {/* Holds the width of the list, whatever is visible. */}
        <span className={css.checkWidth} aria-hidden>
          {longest}
        </span>
        {visible.rows.map(({ index, top }) => {
          const item = items[index] as Item
          return (
            <label key={item} style={{ transform: `translateY(${top}px)` }}>
              <input type="checkbox" checked={isChecked(item)} onChange={() => onToggle(item)} /> {labelOf(item)}
            </label>
          )
        })}
      </div>
    </div>
  )
}
