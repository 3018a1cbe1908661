import { expect, test } from 'vitest'
import type { GroupPartition } from '../../../src-main/contract/groups'
import { idleMs } from '../../../src-renderer/pages/groups/idle'

const of = (lag: number | null, committedAt: number | null): GroupPartition => ({
  topic: 'orders',
  partition: 0,
  start: 0,
  end: 10,
  committed: 0,
  metadata: '',
  committedAt,
  fetched: null,
  lag,
  lagMs: null,
  owner: 'm',
})

test('a member that has messages and has not committed for long tells since when', () => {
  expect(idleMs([of(0, 1_000), of(3, 5_000)], 30_000)).toBe(25_000)
})

test.each([
  ['commits', [of(3, 20_000)]],
  ['commits another partition', [of(3, 1_000), of(0, 29_000)]],
  ['has nothing to read', [of(0, 1_000)]],
  ['has committed nothing yet', [of(null, null)]],
  ['is of a cluster elsewhere, which tells no times', [of(3, -1)]],
])('a member that %s is not idle', (_, own) => {
  expect(idleMs(own, 30_000)).toBeNull()
})
