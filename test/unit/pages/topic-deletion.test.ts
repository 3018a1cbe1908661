import { describe, expect, it } from 'vitest'
import { planDeletion } from '../../../src-renderer/pages/topics/deletion'

const partition = (number: number, start: number, end: number) => ({
  number,
  start,
  end,
  stable: end,
  sizeBytes: 0,
  newestAt: -1,
  producers: 0,
})

describe('a deletion of records', () => {
  const partitions = [partition(0, 0, 10), partition(1, 5, 7), partition(2, 3, 3)]

  it('takes what is before the offset, of partitions that have it', () => {
    expect(planDeletion(partitions, (number) => [4, 5, 3][number])).toEqual({
      lines: [{ partition: 0, start: 0, next: 4 }],
      outside: [],
      offsets: 4,
    })
  })

  it('names partitions that end before the offset, and leaves out those that were not chosen', () => {
    expect(planDeletion(partitions, (number) => (number === 2 ? undefined : 8))).toEqual({
      lines: [{ partition: 0, start: 0, next: 8 }],
      outside: [1],
      offsets: 8,
    })
  })
})
