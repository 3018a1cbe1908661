import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { createLog, type LogEntry } from '../../../src-main/base/log'
import { StorageFailure, type Workspace, WorkspaceError } from '../../../src-main/storage'
import { migrate, newestFormat } from '../../../src-main/storage/migrations'
import { folder, logOf, topicLogs, workspace } from './samples'
import { batch, names } from './stored-batch'

const megabyte = 1024 * 1024

/** Linux can limit the size of files that this process writes, and lift the limit again. */
const canLimitFiles = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0

function limitFiles(bytes: number | null): void {
  execFileSync('prlimit', ['--pid', `${process.pid}`, `--fsize=${bytes ?? 'unlimited'}:unlimited`])
}

function sentence(open: () => unknown): string {
  try {
    open()
  } catch (error) {
    expect(error).toBeInstanceOf(WorkspaceError)
    return (error as Error).message
  }
  throw new Error('it was opened')
}

describe('opening', () => {
  it('makes a file in WAL mode with pages of 16 KiB and strict tables, and leaves that file alone when closed', async () => {
    const file = join(folder(), 'new.ottla')
    const made = workspace({ file })
    await made.dispose()
    expect(readdirSync(dirname(file))).toEqual(['new.ottla'])
    const database = new Sqlite(file, { readonly: true })
    expect(database.pragma('page_size', { simple: true })).toBe(16384)
    expect(database.pragma('journal_mode', { simple: true })).toBe('wal')
    const loose = database.prepare(
      "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%' AND NOT strict",
    )
    expect(loose.all()).toEqual([])
    database.close()
  })

  it('keeps what was committed', async () => {
    const file = join(folder(), 'kept.ottla')
    const first = workspace({ file })
    const [log] = topicLogs(first, 'orders', 1)
    first.write(() => first.batches.append(log!, batch(0, 3)))
    await first.dispose()
    const second = workspace({ file })
    const again = logOf(second, 'orders')
    expect(again).toEqual(log)
    expect(again).toMatchObject({ logStart: 0, logEnd: 3, sizeBytes: 100, maxTimestamp: 1000 })
    expect(names(second.batches.read(again, 0, megabyte, false, 3).batches)).toEqual(['0+3'])
  })

  it('of a workspace without a file leaves nothing behind', async () => {
    const temporary = workspace()
    expect(temporary.isTemporary).toBe(true)
    expect(existsSync(temporary.file)).toBe(true)
    await temporary.dispose()
    await temporary.dispose()
    expect(existsSync(dirname(temporary.file))).toBe(false)
  })

  it('refuses in one sentence what cannot be opened', () => {
    const path = folder()
    const at = (name: string) => join(path, name)
    writeFileSync(at('text.ottla'), 'This is a text and not a database.'.repeat(100))
    const other = new Sqlite(at('other.ottla'))
    other.exec('CREATE TABLE notes (text TEXT)')
    other.close()
    mkdirSync(at('folder.ottla'))
    const open = (name: string) => sentence(() => workspace({ file: at(name) }))
    expect(open('text.ottla')).toBe(`${at('text.ottla')} is not a workspace of Ottla.`)
    expect(open('other.ottla')).toBe(`${at('other.ottla')} is not a workspace of Ottla.`)
    expect(open('folder.ottla')).toBe(
      `${at('folder.ottla')} cannot be opened: it is a folder, and a workspace is a file.`,
    )
    expect(open('nowhere/new.ottla')).toBe(
      `The folder ${at('nowhere')} does not exist, so ${at('nowhere/new.ottla')} cannot be opened.`,
    )
    expect(readdirSync(path).filter((name) => name.endsWith('-lock'))).toEqual([])
  })

  it('brings an older file up to date and keeps what it holds', async () => {
    const file = join(folder(), 'older.ottla')
    const old = new Sqlite(file)
    old.pragma('application_id = 0x4f74746c')
    migrate(old, 0, 1)
    old.pragma('user_version = 1')
    old.exec("INSERT INTO topics (uuid, name, partitions, created_at) VALUES ('id', 'orders', 1, 5)")
    old.close()
    const one = workspace({ file })
    one.write(() => one.documents.set('setting', 'new', 'table'))
    await one.dispose()
    const after = new Sqlite(file, { readonly: true })
    expect(after.pragma('user_version', { simple: true })).toBe(newestFormat)
    after.close()
    const two = workspace({ file })
    expect([two.topics.list()[0]?.name, two.documents.get('setting', 'new')]).toEqual(['orders', 'table'])
  })

  it('refuses a newer file and does not change it', async () => {
    const file = join(folder(), 'newer.ottla')
    await workspace({ file }).dispose()
    const database = new Sqlite(file)
    database.pragma('user_version = 99')
    database.close()
    expect(sentence(() => workspace({ file }))).toMatch(/was made by a newer Ottla \(format 99, this one knows \d+\)/)
    const after = new Sqlite(file, { readonly: true })
    expect(after.pragma('user_version', { simple: true })).toBe(99)
    after.close()
  })

  it('refuses a file that is in use, says by whom, and takes it when that one has closed', async () => {
    const file = join(folder(), 'used.ottla')
    const first = workspace({ file })
    expect(sentence(() => workspace({ file }))).toBe(
      `${file} is in use by another Ottla (process ${process.pid}); close it there or choose another file.`,
    )
    expect(sentence(() => workspace({ file }))).toContain('in use')
    await first.dispose()
    expect(workspace({ file }).topics.list()).toEqual([])
  })
})

describe('the group commit', () => {
  it('is one transaction for all writes of a turn', async () => {
    const file = join(folder(), 'turn.ottla')
    const one = workspace({ file })
    const seen = new Sqlite(file, { readonly: true })
    const count = seen.prepare('SELECT count(*) FROM documents').pluck()
    one.write(() => one.documents.set('setting', 'a', '1'))
    one.write(() => one.documents.set('setting', 'b', '2'))
    expect(one.committed()).toBe(one.committed())
    expect(count.get()).toBe(0)
    await one.committed()
    expect(count.get()).toBe(2)
    seen.close()
  })

  it('resolves at once when nothing was written', async () => {
    await expect(workspace().committed()).resolves.toBeUndefined()
  })

  it('takes back the whole turn, memory included, when a write of it throws', async () => {
    const one = workspace()
    const [log] = topicLogs(one, 'orders', 1)
    one.write(() => one.batches.append(log!, batch(0, 5)))
    await one.committed()
    const before = { ...log! }
    const heard: string[] = []
    one.onRollback((failure) => heard.push(failure.message))
    one.write(() => one.batches.append(log!, batch(5, 5)))
    const mistake = new Error('our own mistake')
    const failing = () =>
      one.write(() => {
        throw mistake
      })
    expect(failing).toThrow(mistake)
    expect(() => one.write(() => one.batches.append(log!, batch(10, 5)))).toThrow(StorageFailure)
    await expect(one.committed()).rejects.toThrow('our own mistake')
    expect(heard).toEqual(['our own mistake'])
    expect(log).toEqual(before)
    expect(names(one.batches.read(log!, 0, megabyte, false, 99).batches)).toEqual(['0+5'])
    one.write(() => one.batches.append(log!, batch(5, 1)))
    await one.committed()
    expect(names(one.batches.read(log!, 0, megabyte, false, 99).batches)).toEqual(['0+5', '5+1'])
  })

  /** A limit on pages fails in the write; the system's limit on file size fails where WAL is written, at the commit. */
  it.each([
    ['in a write', (one: Workspace, bytes: number | null) => one.limitFile(bytes ?? 1024 * megabyte)] as const,
    ...(canLimitFiles ? [['at the commit', (_: Workspace, bytes: number | null) => limitFiles(bytes)] as const] : []),
  ])('rejects on a full disk %s, stores nothing of the turn, and goes on when there is room', async (where, limit) => {
    const file = join(folder(), 'full.ottla')
    const entries: LogEntry[] = []
    const log = createLog(
      'storage',
      'info',
      (entry) => entries.push(entry),
      () => 0,
    )
    const one = workspace({ file, log })
    const [orders] = topicLogs(one, 'orders', 1)
    one.write(() => one.batches.append(orders!, batch(0, 1)))
    await one.committed()
    const before = { ...orders! }
    limit(one, 512 * 1024)
    for (let turn = 0; turn < 2; turn++) {
      const write = () => one.write(() => one.batches.append(orders!, batch(1, 1, { sizeBytes: megabyte })))
      if (where === 'in a write') {
        expect(write).toThrow('the disk is full')
        expect(() => one.write(() => one.documents.set('setting', 'small', 'fits'))).toThrow(StorageFailure)
      } else write()
      await expect(one.committed()).rejects.toThrow(StorageFailure)
      expect(orders).toEqual(before)
      expect(one.batches.read(orders!, 1, 100, true, 2).batches).toEqual([])
    }
    limit(one, null)
    one.write(() => one.batches.append(orders!, batch(1, 1, { sizeBytes: megabyte })))
    await one.committed()
    const texts = entries.map((entry) => entry.text)
    expect(texts.filter((text) => !text.includes('-batches cannot be written'))).toEqual([
      expect.stringMatching(/^The workspace cannot be written, so nothing of the last requests is stored: .*\.$/),
      'The workspace can be written again.',
    ])
    await one.dispose()
    const again = workspace({ file })
    expect(again.documents.get('setting', 'small')).toBeUndefined()
    expect(again.batches.read(logOf(again, 'orders'), 0, 1, true, 2).lastOffset).toBe(0)
    expect(logOf(again, 'orders')).toMatchObject({ logEnd: 2, sizeBytes: 100 + megabyte })
  })
})

describe('saving a copy', () => {
  it('gives a workspace of its own with everything committed, in place of what was there', async () => {
    const path = folder()
    const one = workspace({ file: join(path, 'one.ottla') })
    const [log] = topicLogs(one, 'orders', 1)
    one.write(() => one.batches.append(log!, batch(0, 2)))
    const copy = join(path, 'copy.ottla')
    writeFileSync(copy, 'something else')
    writeFileSync(`${copy}-wal`, 'of something else')
    await one.saveCopy(copy)
    one.write(() => one.batches.append(log!, batch(2, 2)))
    await one.committed()
    const two = workspace({ file: copy })
    expect(logOf(two, 'orders').logEnd).toBe(2)
    expect(names(two.batches.read(logOf(two, 'orders'), 0, 1000, true, 2).batches)).toEqual(['0+2'])
    expect(readdirSync(path).filter((name) => name.includes('part'))).toEqual([])
  })

  it('is refused while some messages cannot get rows, for it would lack them', async () => {
    const path = folder()
    const one = workspace({ file: join(path, 'one.ottla') })
    const [log] = topicLogs(one, 'orders', 1)
    one.append(log!, batch(0, 1, { sizeBytes: 8000 }))
    await one.settled()
    // No page more for SQLite; the append file has some bytes.
    one.limitFile(one.fileBytes() + 15_000)
    one.append(log!, batch(1, 1, { sizeBytes: 12_000 }))
    await one.committed()
    const copy = join(path, 'copy.ottla')
    await expect(one.saveCopy(copy)).rejects.toThrow(
      `The copy ${copy} would lack the newest messages, because the workspace cannot be written: the disk is full.`,
    )
    expect(existsSync(copy)).toBe(false)
    one.limitFile(1024 * megabyte)
    await one.saveCopy(copy)
    expect(logOf(workspace({ file: copy }), 'orders').logEnd).toBe(2)
  })

  it('is refused over itself, over an open workspace and into a missing folder', async () => {
    const path = folder()
    const one = workspace({ file: join(path, 'one.ottla') })
    const two = workspace({ file: join(path, 'two.ottla') })
    await expect(one.saveCopy(one.file)).rejects.toThrow('is the workspace itself')
    await expect(one.saveCopy(two.file)).rejects.toThrow('is in use by another Ottla')
    await expect(one.saveCopy(join(path, 'nowhere/copy.ottla'))).rejects.toThrow('does not exist')
  })
})
