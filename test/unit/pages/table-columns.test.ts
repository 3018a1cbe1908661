import { describe, expect, it } from 'vitest'
import { type Column, fittedWidths, fittingColumns, layoutOf } from '../../../src-renderer/parts/table-columns'

const column = (id: string, width: string, yields?: number): Column<string> => ({
  id,
  title: id,
  width,
  cell: () => id,
  ...(yields === undefined ? {} : { yields }),
})
const columns = [
  column('name', 'minmax(100px, 1fr)'),
  column('size', '60px', 1),
  column('policy', '60px', 3),
  column('out', '60px', 2),
]
const shownAt = (width: number) => fittingColumns(columns, false, width).map(({ id }) => id)

describe('columns of a table that is too narrow for all', () => {
  it('leaves out the one that yields first, then the next, and never one that does not yield', () => {
    // 100 + 3 x 60, three gaps of 12, and 32 at the edges.
    expect(shownAt(348)).toEqual(['name', 'size', 'policy', 'out'])
    expect(shownAt(347)).toEqual(['name', 'size', 'out'])
    expect(shownAt(275)).toEqual(['name', 'size'])
    expect(shownAt(100)).toEqual(['name'])
  })
})

describe('widths that were dragged', () => {
  /** 120 + 60 + 60 + 60, three gaps of 12, and 32 at the edges. */
  const least = 368
  const table = [
    column('name', '120px'),
    column('value', 'minmax(60px, 1fr)'),
    column('key', '60px'),
    column('at', '60px'),
  ]
  /** 300 + 60 + 100 + 50, and 68. */
  const widths = { name: 300, key: 100, at: 50 }
  const needed = 578
  const fitted = (available: number, room: number | null) => fittedWidths(table, { widths, room }, false, available)
  const lengthOf = (available: number, room: number | null) => layoutOf(table, fitted(available, room), false).minWidth

  it('stay as they are where the table is as wide as it was then, or wider, or has room for them', () => {
    expect(fitted(1200, 1200)).toEqual(widths)
    expect(fitted(2000, 1200)).toEqual(widths)
    expect(fitted(needed, 1200)).toEqual(widths)
  })

  it('give way in a narrower table until it does not scroll, each by the same part of what it has beyond its least', () => {
    // Half of what there is to give: 180 of the name, 40 of the key, and nothing of a column that was made narrower.
    expect(fitted(needed - 110, 1200)).toEqual({ name: 210, key: 80, at: 50 })
    for (const available of [577, 500, 400, 358]) expect(lengthOf(available, 1200)).toBeCloseTo(available)
  })

  it('never make a column narrower than it is by itself', () => {
    expect(fitted(100, 1200)).toEqual({ name: 120, key: 60, at: 50 })
    expect(lengthOf(100, 1200)).toBe(least - 10)
  })

  it('keep the table as much wider than its room as the user made it, and no step is at the width of then', () => {
    expect(fitted(500, 500)).toEqual(widths)
    expect(lengthOf(490, 500)).toBeCloseTo((needed * 490) / 500)
    expect(lengthOf(400, 500)).toBeCloseTo((needed * 400) / 500)
  })

  it('of an earlier version, which did not keep how wide the table was, fit in any', () => {
    expect(lengthOf(400, null)).toBeCloseTo(400)
    expect(fitted(600, null)).toEqual(widths)
  })
})
