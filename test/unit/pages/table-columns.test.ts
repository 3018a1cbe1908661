import { describe, expect, it } from 'vitest'
import { type Column, fittingColumns } from '../../../src-renderer/parts/table-columns'

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
