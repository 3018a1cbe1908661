import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import { readBatches } from '../../../src-main/records/batch'
import { WorkspaceReader } from '../../../src-main/storage'
import { BatchFile } from '../../../src-main/storage/batch-file'
import { copyFiles } from '../../support/workspace-files'
import { killed, large, listening, namesIn, opened, rows } from './large-samples'
import { folder, logOf, workspace } from './samples'
import { batch, names } from './stored-batch'

/** The newest batches are in memory: behind so many bytes of others the file is asked. */
const manyBytes = 13 * 1024 * 1024

function namesOfReader(file: string, backward = false): string[] {
  const reader = new WorkspaceReader(file)
  try {
    const range = { from: 0, before: Number.MAX_SAFE_INTEGER, maxBytes: 1e9, backward }
    return names(reader.batches(reader.partition('orders', 0)!, range).map(({ bytes }) => bytes))
  } finally {
    reader.dispose()
  }
}

describe('a large batch', () => {
  it('lies beside the workspace, and is read from there', async () => {
    const { one, file, append, log, other } = opened()
    await append(log, batch(0), batch(1, 2, { sizeBytes: large }), batch(3, 1, { sizeBytes: 3 * large }), batch(4))
    expect(rows(file).inFile).toBe(2)
    expect(statSync(`${file}-batches`).size).toBe(4 * large)
    one.append(other, batch(0, 1, { sizeBytes: manyBytes }))
    await one.settled()
    expect(rows(file).sizes).toEqual([100, 0, 0, 100, 0])
    expect(namesIn(one, log)).toEqual(['0+1', '1+2', '3+1', '4+1'])
    expect(namesOfReader(file)).toEqual(['0+1', '1+2', '3+1', '4+1'])
    expect(namesOfReader(file, true)).toEqual(['4+1', '3+1', '1+2', '0+1'])
    expect(one.batches.reaching(log, 1003)?.baseOffset).toBe(3)
    expect(one.fileBytes()).toBeGreaterThan(4 * large + manyBytes)
  })

  it('is not read where a fetch has no room for it', async () => {
    const { one, append, log } = opened()
    const size = 100_000
    await append(log, batch(0, 1, { sizeBytes: size }), batch(1, 1, { sizeBytes: size }))
    const two = workspace({ file: killed(one) })
    const read = vi.spyOn(BatchFile.prototype, 'read')
    const fetch = (maxBytes: number, atLeastOne: boolean) =>
      names(two.batches.read(logOf(two, 'orders'), 0, maxBytes, atLeastOne, 2).batches)
    expect([fetch(size, true), fetch(size - 1, true), fetch(size - 1, false)]).toEqual([['0+1'], ['0+1'], []])
    expect(read).toHaveBeenCalledTimes(2)
    expect(fetch(2 * size, true)).toEqual(['0+1', '1+1'])
    read.mockRestore()
  })

  it('gets into its row when little is written, and the file becomes empty', async () => {
    const { one, file, clock, append, log } = opened()
    await append(log, batch(0, 1, { sizeBytes: large }), batch(1, 1, { sizeBytes: 2 * large }))
    clock.advance(2000)
    expect(rows(file)).toEqual({ sizes: [large, 2 * large], inFile: 0 })
    await expect.poll(() => statSync(`${file}-batches`).size).toBe(0)
    await append(log, batch(2, 1, { sizeBytes: large }))
    expect(statSync(`${file}-batches`).size).toBe(large)
    expect(namesIn(one, log)).toEqual(['0+1', '1+1', '2+1'])
    expect(namesOfReader(file)).toEqual(['0+1', '1+1', '2+1'])
  })

  it('goes in slices, the newest first', async () => {
    const { file, clock, append, log } = opened()
    const megabyte = 1024 * 1024
    for (let base = 0; base < 4; base++) await append(log, batch(base, 1, { sizeBytes: 0.7 * megabyte }))
    clock.advance(2000)
    expect(rows(file).sizes.map((size) => size > 0)).toEqual([false, false, false, true])
    clock.advance(20)
    expect(rows(file).sizes.map((size) => size > 0)).toEqual([false, false, true, true])
  })

  it('stays where it is while much is written or read', async () => {
    const { one, file, clock, append, log, other } = opened()
    const much = 34_000_000
    await append(log, batch(0, 1, { sizeBytes: much }))
    clock.advance(2000)
    expect(rows(file).inFile).toBe(1)
    await append(other, batch(0, 1, { sizeBytes: manyBytes }))
    one.batches.read(log, 0, 1e9, true, 1)
    clock.advance(2000)
    expect(rows(file).inFile).toBe(2)
    clock.advance(2000)
    expect(rows(file).inFile).toBe(1)
  })

  it('stays where it is while many turns are stored', async () => {
    const { file, clock, append, log } = opened()
    await append(log, batch(0, 1, { sizeBytes: large }))
    clock.advance(1999)
    for (let base = 1; base <= 600; base++) await append(log, batch(base))
    clock.advance(1)
    expect(rows(file).inFile).toBe(1)
    clock.advance(2000)
    expect(rows(file).inFile).toBe(0)
  })

  it('is in the one file of a workspace that is closed', async () => {
    const { one, file, append, log } = opened()
    await append(log, batch(0, 1, { sizeBytes: large }), batch(1, 1, { sizeBytes: 9_000_000 }))
    await append(log, batch(2, 1, { sizeBytes: 9_000_000 }))
    await one.dispose()
    expect(readdirSync(dirname(file))).toEqual(['one.ottla'])
    expect(namesIn(workspace({ file }))).toEqual(['0+1', '1+1', '2+1'])
  })

  it('of a turn that failed is written over', async () => {
    const { one, file, append, log } = opened()
    await append(log, batch(0, 1, { sizeBytes: large }))
    one.append(log, batch(1, 1, { sizeBytes: large, text: 'failed;' }))
    expect(() =>
      one.write(() => {
        throw new Error('on purpose')
      }),
    ).toThrow('on purpose')
    await expect(one.committed()).rejects.toThrow('on purpose')
    // It holds no room on a disk that may be full.
    expect(statSync(`${file}-batches`).size).toBe(large)
    await append(log, batch(1, 1, { sizeBytes: large, text: 'stored;' }))
    expect(statSync(`${file}-batches`).size).toBe(2 * large)
    expect(namesOfReader(file)).toEqual(['0+1', 'stored'])
  })

  it('that is deleted leaves nothing in the file', async () => {
    const { one, file, clock, append, log } = opened()
    await append(log, batch(0, 1, { sizeBytes: large }), batch(1, 1, { sizeBytes: large }))
    one.write(() => one.batches.deleteBefore(log, 2))
    await one.committed()
    clock.advance(20)
    expect(rows(file)).toEqual({ sizes: [], inFile: 0 })
    await append(log, batch(2, 1, { sizeBytes: large }))
    // Behind those that went.
    expect(statSync(`${file}-batches`).size).toBe(3 * large)
    clock.advance(2000)
    expect(rows(file)).toEqual({ sizes: [large], inFile: 0 })
    await expect.poll(() => statSync(`${file}-batches`).size).toBe(0)
  })

  it('that compaction changes gets into its row', async () => {
    const { one, file, append, log } = opened()
    await append(log, batch(0, 2, { sizeBytes: large }), batch(2, 1, { sizeBytes: large }))
    const [row] = one.batches.rows(log, 0, 3, 1, 1)
    const bytes = Buffer.from(batch(0, 2, { sizeBytes: large - 1000, recordCount: 1 }).bytes)
    one.write(() => one.batches.rewrite(log, [{ row: row!, bytes }]))
    await one.committed()
    expect(rows(file)).toEqual({ sizes: [large - 1000, 0], inFile: 1 })
    expect(log.sizeBytes).toBe(2 * large - 1000)
    expect(namesOfReader(file)).toEqual(['0+2', '2+1'])
  })

  it('goes to its row at once where each commit waits for the disk', async () => {
    const { file, append, log } = opened({ survivesPowerLoss: () => true })
    await append(log, batch(0, 1, { sizeBytes: large }))
    expect(rows(file)).toEqual({ sizes: [large], inFile: 0 })
    expect(existsSync(`${file}-batches`)).toBe(false)
  })

  it('goes to its row where the file is as long as it may be', async () => {
    const { one, file, append, log } = opened()
    const pages = one.fileBytes()
    one.limitFile(pages + 2 * large + 16_384)
    for (let base = 0; base < 4; base++) await append(log, batch(base, 1, { sizeBytes: large }))
    expect(rows(file).sizes).toEqual([0, 0, large, large])
    expect(namesIn(one)).toEqual(['0+1', '1+1', '2+1', '3+1'])
  })
})

describe('a copy', () => {
  it('has the bytes of all batches, also of those that come while it is written', async () => {
    const { one, file, append, log } = opened()
    await append(log, batch(0, 1, { sizeBytes: large }), batch(1, 1, { sizeBytes: 9_000_000 }))
    const path = join(folder(), 'copy.ottla')
    const copied = one.saveCopy(path)
    await append(log, batch(2, 1, { sizeBytes: large }))
    await copied
    expect(rows(path).inFile).toBe(0)
    expect(namesIn(workspace({ file: path })).slice(0, 2)).toEqual(['0+1', '1+1'])
    await append(log, batch(3, 1, { sizeBytes: large }))
    expect(rows(file).inFile).toBeGreaterThan(0)
    expect(namesIn(one, log)).toEqual(['0+1', '1+1', '2+1', '3+1'])
  })

  it('is refused where the workspace cannot take the bytes', async () => {
    const { one, append, log } = opened()
    await append(log, batch(0, 1, { sizeBytes: 9_000_000 }))
    one.limitFile(16_384)
    const path = join(folder(), 'copy.ottla')
    await expect(one.saveCopy(path)).rejects.toThrow(
      `The copy ${path} would lack large batches, because the workspace cannot be written: the disk is full.`,
    )
    one.limitFile(1e12)
    await one.saveCopy(path)
    expect(namesIn(workspace({ file: path }))).toEqual(['0+1'])
  })

  it('takes the place of a workspace and of what lies beside it', async () => {
    const { one, append, log } = opened()
    await append(log, batch(0, 1, { sizeBytes: large }))
    const path = join(folder(), 'copy.ottla')
    writeFileSync(`${path}-batches`, 'of another')
    await one.saveCopy(path)
    expect(existsSync(`${path}-batches`)).toBe(false)
  })
})

describe('a full disk', () => {
  it('leaves large batches where they are, until there is room', async () => {
    const { log: listener, lines } = listening()
    const { one, file, clock, append, log } = opened({ log: listener })
    await append(log, batch(0, 1, { sizeBytes: large }))
    one.limitFile(16_384)
    clock.advance(2000)
    clock.advance(5000)
    expect(rows(file).inFile).toBe(1)
    const failed =
      'The workspace cannot be written, so large batches stay in the file -batches beside it: the disk is full.'
    expect(lines).toEqual([`error: ${failed}`])
    expect(namesIn(one)).toEqual(['0+1'])
    one.limitFile(1e12)
    clock.advance(5000)
    expect(lines).toEqual([`error: ${failed}`, 'info: The workspace can be written again.'])
    expect(rows(file)).toEqual({ sizes: [large], inFile: 0 })
  })

  it('leaves them beside a workspace that is closed, and they are there when it is opened', async () => {
    const { one, file, append, log } = opened()
    await append(log, batch(0, 1, { sizeBytes: 9_000_000 }))
    one.limitFile(16_384)
    await one.dispose()
    expect(readdirSync(dirname(file)).sort()).toEqual(['one.ottla', 'one.ottla-batches'])
    const two = workspace({ file })
    expect(namesIn(two)).toEqual(['0+1'])
    await two.dispose()
    expect(readdirSync(dirname(file))).toEqual(['one.ottla'])
  })
})

describe('after the death of the process', () => {
  it('large batches are there, and get into their rows', async () => {
    const { one, append, log } = opened()
    await append(log, batch(0, 1, { sizeBytes: large }), batch(1, 1, { sizeBytes: large }), batch(2))
    one.append(log, batch(3, 1, { sizeBytes: large }))
    const copy = killed(one)
    const clock = new ManualClock(0)
    const { log: listener, lines } = listening()
    const two = workspace({ file: copy, clock, log: listener })
    expect(namesIn(two)).toEqual(['0+1', '1+1', '2+1'])
    two.append(logOf(two, 'orders'), batch(3, 1, { sizeBytes: large, text: 'new;' }))
    await two.committed()
    clock.advance(4000)
    expect(rows(copy)).toEqual({ sizes: [large, large, 100, large], inFile: 0 })
    expect(namesOfReader(copy)).toEqual(['0+1', '1+1', '2+1', 'new'])
    expect(lines).toEqual([])
  })

  it('a batch that is lost keeps its offsets, its size is no more, and this is told', async () => {
    const { one, append, log: orders } = opened()
    const producer = { producerId: 7n, producerEpoch: 3, sizeBytes: large }
    await append(
      orders,
      batch(0, 2, { ...producer, baseSequence: 0 }),
      batch(2, 5, { ...producer, baseSequence: 2, maxTimestamp: 9000 }),
      batch(7, 1, { ...producer, baseSequence: 7 }),
    )
    const copy = killed(one)
    const bytes = readFileSync(`${copy}-batches`)
    bytes.fill(0, large + 10_000, large + 12_000)
    writeFileSync(`${copy}-batches`, bytes.subarray(0, 3 * large - 1))
    const { log: listener, lines } = listening()
    const two = workspace({ file: copy, log: listener })
    const log = logOf(two, 'orders')
    expect(log).toMatchObject({ logEnd: 8, sizeBytes: large + 2 * 61, maxTimestamp: 1000, offsetOfMaxTimestamp: 0 })
    const found = [...readBatches(Buffer.concat(two.batches.read(log, 0, 1e9, true, 8).batches))]
    expect(
      found.map(({ baseOffset, lastOffset, recordCount, producerId, producerEpoch, baseSequence }) => {
        return { baseOffset, lastOffset, recordCount, producerId, producerEpoch, baseSequence }
      }),
    ).toEqual([
      { baseOffset: 0, lastOffset: 1, recordCount: 2, producerId: 7n, producerEpoch: 3, baseSequence: 0 },
      { baseOffset: 2, lastOffset: 6, recordCount: 0, producerId: 7n, producerEpoch: 3, baseSequence: 2 },
      { baseOffset: 7, lastOffset: 7, recordCount: 0, producerId: 7n, producerEpoch: 3, baseSequence: 7 },
    ])
    expect(two.batches.ofProducer(log, 7n, 5).map(({ baseSequence }) => baseSequence)).toEqual([7, 2, 0])
    expect(lines).toEqual([
      `error: 6 messages are lost: their 2 large batches had not reached the disk, or ${copy}-batches was changed.`,
    ])
    await two.dispose()
    expect(readdirSync(dirname(copy))).toEqual(['killed.ottla'])
    const three = workspace({ file: copy })
    expect(logOf(three, 'orders')).toMatchObject({ logEnd: 8, sizeBytes: large + 2 * 61 })
  })

  it('what nobody can read any more is not told to be lost', async () => {
    const { one, append, log } = opened()
    await append(log, batch(0, 3, { sizeBytes: large }), batch(3, 1, { sizeBytes: large }))
    one.write(() => one.batches.deleteBefore(log, 3))
    await one.committed()
    const copy = killed(one)
    const bytes = readFileSync(`${copy}-batches`)
    writeFileSync(`${copy}-batches`, bytes.fill(0, 0, large))
    const { log: listener, lines } = listening()
    const two = workspace({ file: copy, log: listener })
    expect(two.batches.read(logOf(two, 'orders'), 3, 1e9, true, 4).lastOffset).toBe(3)
    expect(logOf(two, 'orders')).toMatchObject({ logStart: 3, logEnd: 4, sizeBytes: large })
    expect(lines).toEqual([])
  })

  it('is not opened without the file; an empty one says that its batches may go', async () => {
    const { one, append, log } = opened()
    await append(log, batch(0, 1, { sizeBytes: large }), batch(1))
    const copy = killed(one)
    truncateSync(`${copy}-batches`)
    const bare = join(folder(), 'bare.ottla')
    copyFiles(copy, bare)
    expect(namesIn(workspace({ file: copy }))).toEqual(['', '1+1'])
    rmSync(`${bare}-batches`)
    expect(() => workspace({ file: bare })).toThrow(
      `${bare} cannot be opened, because ${bare}-batches is missing. It holds large batches that are not in the workspace yet: put it back, or make an empty file of that name to open the workspace without them.`,
    )
    mkdirSync(`${bare}-batches`)
    expect(() => workspace({ file: bare })).toThrow(
      `${bare} cannot be opened, because ${bare}-batches cannot be read: EISDIR`,
    )
    // It is in use by nobody afterwards.
    expect(existsSync(`${bare}-lock`)).toBe(false)
  })

  it('a file that no row needs anything of is removed', async () => {
    const file = join(folder(), 'one.ottla')
    writeFileSync(`${file}-batches`, Buffer.alloc(100_000, 7))
    await opened({ file }).one.dispose()
    expect(readdirSync(dirname(file))).toEqual(['one.ottla'])
  })
})
