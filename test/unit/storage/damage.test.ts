import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { expect, it } from 'vitest'
import { folder, logOf, topicLogs, workspace } from './samples'
import { batch, names } from './stored-batch'

/** What may be in place of a row of one batch of 1,400 bytes. */
const damages = [
  ['zeros', (bytes: Buffer) => bytes.fill(0)],
  ['an end that is missing', (bytes: Buffer) => bytes.subarray(0, 1000)],
  ['a length that is too short', (bytes: Buffer) => bytes.fill(bytes.subarray(9, 11), 11, 12)],
  ['a length that is too long', (bytes: Buffer) => bytes.fill(0x7f, 8, 9)],
  ['another magic', (bytes: Buffer) => bytes.fill(7, 16, 17)],
] as const

it.each(damages)('a row with %s is merged with no other, and does not fail the turn', async (_, damage) => {
  const file = join(folder(), 'damaged.ottla')
  const one = workspace({ file })
  const [log] = topicLogs(one, 'orders', 1)
  for (let base = 0; base < 20; base++) {
    one.append(log!, batch(base, 1, { sizeBytes: 1400 }))
    await one.committed()
    // The run that grows ends where the facts change otherwise.
    one.write(() => one.batches.setCleaned(log!, base + 1))
    await one.committed()
  }
  await one.dispose()
  const database = new Sqlite(file)
  const bytes = database.prepare('SELECT bytes FROM batches WHERE base_offset = 5').pluck().get() as Buffer
  database.prepare('UPDATE batches SET bytes = ? WHERE base_offset = 5').run(damage(bytes))
  database.close()
  const two = workspace({ file })
  const again = logOf(two, 'orders')
  // Ten of these rows fit one.
  two.write(() => two.batches.mergeRows(again, 256))
  await two.committed()
  expect(two.batches.sizes(again, 10, 20, 1).sizes).toHaveLength(10)
  expect(two.batches.sizes(again, 6, 20, 1).sizes).toHaveLength(1)
  expect(names(two.batches.read(again, 6, 4200, true, 9).batches)).toEqual(['6+1', '7+1', '8+1'])
})
