import { expect, test } from 'vitest'
import { areWholeBatches, wholeBatchSize } from '../../../src-main/records/batch'
import { batchOf } from '../../support/core'

const [first, second] = [Buffer.from(batchOf(['a'])), Buffer.from(batchOf(['b', 'c']))]
const both = Buffer.concat([first, second])

test('batches side by side are found by the sizes in their headers', () => {
  expect([wholeBatchSize(both, 0), wholeBatchSize(both, first.length)]).toEqual([first.length, second.length])
  expect([areWholeBatches(both), areWholeBatches(Buffer.alloc(0))]).toEqual([true, true])
})

test.each([
  ['cut off', both.subarray(0, -1)],
  ['followed by something', Buffer.concat([both, Buffer.alloc(100)])],
  ['cut off in a header', both.subarray(0, first.length + 20)],
  ['of another magic', changed((bytes) => bytes.writeUInt8(1, first.length + 16))],
  ['smaller than a header', changed((bytes) => bytes.writeInt32BE(20, first.length + 8))],
  ['of a negative size', changed((bytes) => bytes.writeInt32BE(-100, first.length + 8))],
  ['of a size beyond the end', changed((bytes) => bytes.writeInt32BE(0x7fff_ffff, first.length + 8))],
])('what is %s is no whole batch', (_, bytes) => {
  expect(areWholeBatches(bytes)).toBe(false)
  expect(wholeBatchSize(bytes, 0)).toBe(first.length)
})

/** Both, with the header of the second one damaged. */
function changed(change: (bytes: Buffer) => unknown): Buffer {
  const bytes = Buffer.from(both)
  change(bytes)
  return bytes
}
