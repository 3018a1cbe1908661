import { copyFileSync, existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it, vi } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import { silentLog } from '../../../src-main/base/log'
import { StorageFailure, type Workspace } from '../../../src-main/storage'
import { AppendFile } from '../../../src-main/storage/append-file'
import { migrate } from '../../../src-main/storage/migrations'
import { RunRows } from '../../../src-main/storage/run-rows'
import { copyFiles } from '../../support/workspace-files'
import { afterwards, folder, logOf, topicLogs, workspace } from './samples'
import { batch, names } from './stored-batch'

const fileOf = () => join(folder(), 'one.ottla')

/** The files of a process that dies now, under another name. */
function killed({ file }: Workspace): string {
  const copy = join(folder(), 'killed.ottla')
  copyFiles(file, copy)
  return copy
}

function namesIn(one: Workspace, topic = 'orders', log = logOf(one, topic)): string[] {
  return names(one.batches.read(log, 0, 1e6, true, log.logEnd).batches)
}

describe('after the death of the process', () => {
  it('has what was committed without rows, with the facts of its log', async () => {
    const one = workspace({ file: fileOf() })
    const [log] = topicLogs(one, 'orders', 1)
    one.append(log!, batch(0, 10, { maxTimestamp: 77 }))
    await one.committed()
    one.append(log!, batch(10, 2, { maxTimestamp: 55 }))
    await one.committed()
    one.append(log!, batch(12))
    const two = workspace({ file: killed(one) })
    expect(logOf(two, 'orders')).toMatchObject({
      logEnd: 12,
      maxTimestamp: 77,
      offsetOfMaxTimestamp: 0,
      sizeBytes: 200,
    })
    expect(namesIn(two)).toEqual(['0+10', '10+2'])
  })

  it('takes nothing that leaves a gap, when files from before take its place', async () => {
    const one = workspace({ file: fileOf() })
    const [orders, payments] = topicLogs(one, 'orders', 2)
    one.append(orders!, batch(0, 3))
    await one.committed()
    await one.settled()
    const copy = killed(one)
    one.append(orders!, batch(3, 3))
    await one.settled()
    one.append(orders!, batch(6, 3))
    one.append(payments!, batch(0, 2))
    await one.committed()
    copyFileSync(`${one.file}-appends`, `${copy}-appends`)
    const two = workspace({ file: copy })
    expect(namesIn(two)).toEqual(['0+3'])
    expect(two.batches.open(two.topics.list()[0]!.id, 1)).toMatchObject({ logEnd: 2 })
  })

  it('has each batch once, where some have got rows and a turn after them has not', async () => {
    const one = workspace({ file: fileOf() })
    const [log] = topicLogs(one, 'orders', 1)
    one.append(log!, batch(0))
    await one.committed()
    one.append(log!, batch(1))
    // It is asked for rows in its turn.
    expect(one.batches.sizes(log!, 0, 2, 10).sizes).toHaveLength(2)
    one.append(log!, batch(2))
    await one.committed()
    one.append(log!, batch(3))
    await one.committed()
    const two = workspace({ file: killed(one) })
    expect(namesIn(two)).toEqual(['0+1', '1+1', '2+1', '3+1'])
    expect(two.batches.sizes(logOf(two, 'orders'), 0, 4, 10).sizes).toHaveLength(4)
  })

  it('has all of a turn that wrote other rows, or nothing', async () => {
    const one = workspace({ file: fileOf() })
    const [log] = topicLogs(one, 'orders', 1)
    one.append(log!, batch(0))
    await one.committed()
    let between = ''
    const write = AppendFile.prototype.write
    const spy = vi.spyOn(AppendFile.prototype, 'write').mockImplementation(function (this: AppendFile, ...given) {
      const end = write.apply(this, given)
      between ||= killed(one)
      return end
    })
    afterwards(() => spy.mockRestore())
    one.append(log!, batch(1))
    one.write(() => one.documents.set('kind', 'key', 'there'))
    await one.committed()
    spy.mockRestore()
    for (const [file, expected, document] of [
      [between, ['0+1'], undefined],
      [killed(one), ['0+1', '1+1'], 'there'],
    ] as const) {
      const two = workspace({ file })
      expect([namesIn(two), two.documents.get('kind', 'key')]).toEqual([expected, document])
    }
  })

  it('has nothing of a topic that is gone', async () => {
    const one = workspace({ file: fileOf() })
    const [log] = topicLogs(one, 'orders', 1)
    one.append(log!, batch(0))
    await one.committed()
    one.write(() => one.topics.remove(one.topics.list()[0]!))
    await one.committed()
    one.batches.close(log!)
    const [fresh] = topicLogs(one, 'fresh', 1)
    one.append(fresh!, batch(0, 2))
    await one.committed()
    const two = workspace({ file: killed(one) })
    expect(namesIn(two, 'fresh')).toEqual(['0+2'])
    expect(two.topics.list()).toHaveLength(1)
  })

  it('is taken over on a full disk too, and nothing of it is lost when it dies again', async () => {
    const one = workspace({ file: fileOf() })
    const [log] = topicLogs(one, 'orders', 1)
    one.append(log!, batch(0))
    await one.committed()
    const file = killed(one)
    const hasRoom = fullDisk()
    const two = workspace({ file })
    const again = logOf(two, 'orders')
    expect([namesIn(two, 'orders', again), two.batches.hasPending]).toEqual([['0+1'], true])
    two.append(again, batch(1))
    await two.committed()
    hasRoom()
    const three = workspace({ file: killed(two) })
    expect(namesIn(three)).toEqual(['0+1', '1+1'])
  })

  it('has the runs of format 9 that grew, and finds their producers', () => {
    const file = fileOf()
    const former = new Sqlite(file)
    former.pragma('page_size = 16384')
    migrate(former, 0, 9)
    former.exec(`INSERT INTO topics VALUES (1, 'uuid', 'orders', 2, 0);
      INSERT INTO partitions (id, topic, number, log_end, size_bytes) VALUES (1, 1, 0, 1, 100), (2, 1, 1, 4, 7)`)
    const run = former.prepare(
      `INSERT INTO open_runs (partition, log_size_bytes, log_max_timestamp, offset_of_max_timestamp, base_offset, last_offset, running_max_timestamp,
         max_timestamp, appended_at, producer_id, producer_epoch, base_sequence, attributes, record_count, size_bytes, bytes)
         VALUES (?, ?, 9, 0, ?, ?, 9, 8, 0, ?, 0, 0, 0, ?, ?, ?)`,
    )
    const producers = [7n, 8n].map((producerId, base) =>
      batch(base + 1, 1, { producerId, producerEpoch: 0, baseSequence: 0 }),
    )
    run.run(1, 300, 1, 2, -2, 2, 200, Buffer.concat(producers.map(({ bytes }) => bytes)))
    run.run(2, 107, 4, 4, -1, 1, 100, batch(4).bytes)
    former.pragma('user_version = 9')
    former.pragma(`application_id = ${0x4f74746c}`)
    former.close()
    const one = workspace({ file })
    const [log, other] = [logOf(one, 'orders', 0), logOf(one, 'orders', 1)]
    expect(log).toMatchObject({
      logEnd: 3,
      sizeBytes: 300,
      maxTimestamp: 9,
      offsetOfMaxTimestamp: 0,
      runningMaxTimestamp: 9,
    })
    expect(other).toMatchObject({ logEnd: 5, sizeBytes: 107 })
    expect([namesIn(one, 'orders', log), namesIn(one, 'orders', other)]).toEqual([['1+1', '2+1'], ['4+1']])
    expect(one.batches.producers(log)).toEqual([7n, 8n])
    expect(one.batches.ofProducer(log, 8n, 5).map(({ baseOffset }) => baseOffset)).toEqual([2])
  })
})

describe('batches without rows', () => {
  it('get some after five seconds', async () => {
    const clock = new ManualClock(0)
    const one = workspace({ clock })
    const [log] = topicLogs(one, 'orders', 1)
    one.append(log!, batch(0))
    await one.committed()
    clock.advance(4999)
    expect(one.batches.hasPending).toBe(true)
    clock.advance(1)
    expect(one.batches.hasPending).toBe(false)
  })

  it('stay where they are while the disk is full, and get some when there is room', async () => {
    const clock = new ManualClock(0)
    const one = workspace({ file: fileOf(), clock })
    const [log] = topicLogs(one, 'orders', 1)
    one.append(log!, batch(0))
    await one.committed()
    const hasRoom = fullDisk()
    await expect(one.settled()).rejects.toThrow(StorageFailure)
    expect(() => one.batches.sizes(log!, 0, 1, 10)).toThrow('full')
    await expect(one.committed()).rejects.toThrow('the disk is full')
    expect([one.batches.hasPending, namesIn(one, 'orders', log!)]).toEqual([true, ['0+1']])
    one.append(log!, batch(1))
    await one.committed()
    hasRoom()
    clock.advance(5000)
    expect([one.batches.hasPending, namesIn(one, 'orders', log!)]).toEqual([false, ['0+1', '1+1']])
  })

  it('are what they were when a turn that gave them rows fails', async () => {
    const one = workspace({ file: fileOf() })
    const [log] = topicLogs(one, 'orders', 1)
    for (const base of [0, 1]) {
      one.append(log!, batch(base))
      await one.committed()
    }
    one.append(log!, batch(2, 1, { text: 'failed;' }))
    expect(one.batches.sizes(log!, 0, 3, 10).sizes).toHaveLength(3)
    one.append(log!, batch(3, 1, { text: 'too;' }))
    const fail = () => {
      throw new Error('on purpose')
    }
    expect(() => one.write(fail)).toThrow('on purpose')
    await expect(one.committed()).rejects.toThrow('on purpose')
    expect([one.batches.hasPending, namesIn(one, 'orders', log!)]).toEqual([true, ['0+1', '1+1']])
    one.append(log!, batch(2, 1, { text: 'again;' }))
    await one.committed()
    expect(namesIn(workspace({ file: killed(one) }))).toEqual(['0+1', '1+1', 'again'])
  })

  it('leave nothing beside a workspace that is closed', async () => {
    const file = fileOf()
    const one = workspace({ file })
    const [log] = topicLogs(one, 'orders', 1)
    one.append(log!, batch(0))
    await one.committed()
    expect(existsSync(`${file}-appends`)).toBe(true)
    await one.dispose()
    expect(readdirSync(dirname(file))).toEqual(['one.ottla'])
    expect(namesIn(workspace({ file }))).toEqual(['0+1'])
  })

  it('get none when all of their log is deleted, on a full disk too', async () => {
    const one = workspace({ file: fileOf() })
    const [log] = topicLogs(one, 'orders', 1)
    for (const base of [0, 1]) one.append(log!, batch(base))
    await one.committed()
    fullDisk()
    one.write(() => one.batches.deleteBefore(log!, 2))
    await one.committed()
    expect([one.batches.hasPending, log]).toEqual([
      false,
      expect.objectContaining({ logStart: 2, logEnd: 2, sizeBytes: 0, maxTimestamp: -1 }),
    ])
    const two = workspace({ file: killed(one) })
    expect(logOf(two, 'orders')).toMatchObject({ logStart: 2, logEnd: 2, sizeBytes: 0 })
  })

  it('leave no rows for ever when their topic goes before it was opened', async () => {
    const clock = new ManualClock(0)
    const one = workspace({ file: fileOf() })
    const [log] = topicLogs(one, 'orders', 1)
    one.append(log!, batch(0))
    await one.committed()
    const file = killed(one)
    const hasRoom = fullDisk()
    const two = workspace({ file, clock })
    two.write(() => two.topics.remove(two.topics.list()[0]!))
    await two.committed()
    for (let sweeps = 0; sweeps < 3; sweeps++) {
      clock.advance(20)
      await two.committed()
    }
    hasRoom()
    clock.advance(5000)
    clock.advance(20)
    await two.committed()
    const rows = new Sqlite(file, { readonly: true })
    afterwards(() => void rows.close())
    expect(rows.prepare('SELECT count(*) FROM batches').pluck().get()).toBe(0)
  })

  it('are told in the log as what they are, once, and so is that they have rows', async () => {
    const lines: string[] = []
    const say = (line: string) => void lines.push(line)
    const clock = new ManualClock(0)
    const one = workspace({ file: fileOf(), clock, log: { ...silentLog, error: say, info: say } })
    const [log] = topicLogs(one, 'orders', 1)
    one.append(log!, batch(0))
    await one.committed()
    const hasRoom = fullDisk()
    for (let base = 1; base < 4; base++) {
      clock.advance(5000)
      one.append(log!, batch(base))
      await one.committed()
    }
    expect(lines).toEqual([
      'The workspace cannot be written, so the newest messages stay in the file -appends beside it: the disk is full.',
    ])
    hasRoom()
    clock.advance(5000)
    expect(lines.slice(1)).toEqual(['The workspace can be written again.'])
  })

  it('stay in the append file when a workspace is closed on a full disk', async () => {
    const file = fileOf()
    const one = workspace({ file })
    const [log] = topicLogs(one, 'orders', 1)
    one.append(log!, batch(0))
    await one.committed()
    const hasRoom = fullDisk()
    await one.dispose()
    hasRoom()
    expect(namesIn(workspace({ file }))).toEqual(['0+1'])
  })
})

/** No row has room until what is returned is called. */
function fullDisk(): () => void {
  const insert = vi.spyOn(RunRows.prototype, 'insert').mockImplementation(() => {
    throw new Sqlite.SqliteError('database or disk is full', 'SQLITE_FULL')
  })
  afterwards(() => insert.mockRestore())
  return () => insert.mockRestore()
}
