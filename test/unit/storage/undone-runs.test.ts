import { expect, it, vi } from 'vitest'
import { RecentBatches } from '../../../src-main/storage/recent'
import { topicLogs, workspace } from './samples'
import { batch } from './stored-batch'

it('a run that becomes shorter when a turn fails leaves nothing in what is counted as held in memory', async () => {
  const recents = new Set<RecentBatches>()
  const { add } = RecentBatches.prototype
  vi.spyOn(RecentBatches.prototype, 'add').mockImplementation(function (this: RecentBatches, ...given) {
    recents.add(this)
    return add.apply(this, given)
  })
  const one = workspace()
  const [log] = topicLogs(one, 'orders', 1)
  one.append(log!, batch(0))
  await one.committed()
  one.append(log!, batch(1, 1, { sizeBytes: 14_000 }))
  const fail = () => {
    throw new Error('on purpose')
  }
  expect(() => one.write(fail)).toThrow('on purpose')
  await expect(one.committed()).rejects.toThrow('on purpose')
  vi.mocked(RecentBatches.prototype.add).mockRestore()
  expect([...recents].map(({ heldBytes }) => heldBytes)).toEqual([0])
})
