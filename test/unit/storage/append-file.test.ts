import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { type Appended, AppendFile } from '../../../src-main/storage/append-file'
import { afterwards, folder } from './samples'

const key = Buffer.from('a key...')
const text = (of: string): Appended => ({ log: 7, appendedAt: 1_700_000_000_000, bytes: Buffer.from(of) })

function opened(workspace = newWorkspace()): AppendFile {
  const file = new AppendFile(workspace, false)
  afterwards(() => file.close())
  return file
}

function newWorkspace(): string {
  const workspace = join(folder(), 'one.ottla')
  writeFileSync(workspace, '', { mode: 0o600 })
  return workspace
}

function begun(workspace?: string): AppendFile {
  const file = opened(workspace)
  file.begin(key)
  return file
}

/** Stores what a turn added. */
function add(file: AppendFile, ...texts: string[]): void {
  file.keep(file.write(texts.map(text), false))
}

const restored = (workspace: string, storedEnd = 0, of = key) =>
  opened(workspace)
    .restore({ key: of, storedEnd })
    .map(({ bytes }) => bytes.toString())

it('gives back what was added, in order, and goes on behind it', () => {
  const workspace = newWorkspace()
  const file = begun(workspace)
  expect(restored(workspace)).toEqual([])
  add(file, 'one', 'two')
  add(file)
  add(file, 'three')
  const again = opened(workspace)
  expect(again.restore({ key, storedEnd: 0 })).toEqual(['one', 'two', 'three'].map(text))
  expect([again.end, again.length]).toEqual([file.end, file.length])
  add(again, 'four')
  expect(restored(workspace)).toEqual(['one', 'two', 'three', 'four'])
})

it('can be read by those only who can read the workspace', () => {
  const workspace = newWorkspace()
  add(begun(workspace), 'one')
  expect(statSync(`${workspace}-appends`).mode & 0o777).toBe(statSync(workspace).mode & 0o777)
})

it('ends before a record that is damaged or was not written to its end', () => {
  const workspace = newWorkspace()
  const file = begun(workspace)
  add(file, 'one')
  const first = file.length
  add(file, 'two')
  const bytes = readFileSync(`${workspace}-appends`)
  for (let at = 0; at < bytes.length; at++) {
    const damaged = Buffer.from(bytes)
    damaged[at]! ^= 1
    writeFileSync(`${workspace}-appends`, damaged)
    expect(restored(workspace)).toEqual(at < first ? [] : ['one'])
    writeFileSync(`${workspace}-appends`, bytes.subarray(0, at))
    expect(restored(workspace)).toEqual(at < first ? [] : ['one'])
  }
})

it('has nothing of the records that it wrote over, or left behind the newest', () => {
  const workspace = newWorkspace()
  const file = begun(workspace)
  for (const old of ['1111', '2222', '3333']) add(file, old)
  file.restart()
  expect(file.length).toBe(0)
  add(file, 'one!')
  // Of the same size: the one behind it is whole.
  expect(restored(workspace)).toEqual(['one!'])
  add(file, 'two')
  expect(restored(workspace)).toEqual(['one!', 'two'])
})

it('has a record of a turn that SQLite commits only when that came about', () => {
  const workspace = newWorkspace()
  const file = begun(workspace)
  add(file, 'one')
  const end = file.write([text('two')], true)
  expect(restored(workspace, end - 1)).toEqual(['one'])
  expect(restored(workspace, end)).toEqual(['one', 'two'])
  // The turn failed: the next one takes its place.
  add(file, '2')
  expect(restored(workspace)).toEqual(['one', '2'])
  // A failed one at the start does not come back when positions have gone beyond it.
  file.restart()
  file.write([text('failed')], true)
  expect(restored(workspace, file.end)).toEqual([])
})

it('has nothing of another workspace, or of an older copy of this one', () => {
  const workspace = newWorkspace()
  add(begun(workspace), 'one')
  expect(restored(workspace, 1e6, Buffer.from('no key..'))).toEqual([])
  writeFileSync(`${workspace}-appends`, Buffer.alloc(10_000, 7))
  expect(restored(workspace)).toEqual([])
})

it('fails where the disk is full, and keeps what it has', () => {
  const workspace = newWorkspace()
  const file = begun(workspace)
  add(file, 'one')
  file.limit(file.length + 10)
  expect(() => file.write([text('two')], false)).toThrow('the disk is full')
  file.limit(1e6)
  add(file, 'three')
  expect(restored(workspace)).toEqual(['one', 'three'])
})
