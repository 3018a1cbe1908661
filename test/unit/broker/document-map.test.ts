import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ManualClock } from '../../../src-main/base/clock'
import { silentLog } from '../../../src-main/base/log'
import { Commits } from '../../../src-main/broker/commits'
import { DocumentMap } from '../../../src-main/broker/document-map'
import { StorageFailure, Workspace } from '../../../src-main/storage'

describe('DocumentMap', () => {
  let workspace: Workspace
  let commits: Commits
  beforeEach(() => {
    workspace = new Workspace({ clock: new ManualClock(), log: silentLog })
    commits = new Commits(workspace)
  })
  afterEach(() => workspace.dispose())

  const fail = () => {
    throw new Error('no room')
  }

  test('a change is seen at once and is in the file after the commit', async () => {
    const map = new DocumentMap<{ n: number }>({ workspace, commits, kind: 'thing' })
    map.set('a', { n: 1 })
    map.set('b', { n: 2 })
    map.delete('b')
    expect([...map]).toEqual([['a', { n: 1 }]])
    await commits.settled
    expect(workspace.documents.list('thing')).toEqual([{ key: 'a', value: '{"n":1}' }])
    expect([...new DocumentMap({ workspace, commits, kind: 'thing' })]).toEqual([['a', { n: 1 }]])
  })

  test('it goes back to what is stored when the commit fails, and says so', async () => {
    let rolledBack = 0
    const map = new DocumentMap<number>({ workspace, commits, kind: 'thing', rolledBack: () => rolledBack++ })
    map.set('a', 1)
    map.set('kept', 3)
    await commits.settled
    map.set('a', 2)
    map.delete('kept')
    map.set('new', 4)
    expect(() => workspace.write(fail)).toThrow('no room')
    await expect(commits.settled).rejects.toThrow(StorageFailure)
    expect([...map]).toEqual([
      ['a', 1],
      ['kept', 3],
    ])
    expect(rolledBack).toBe(1)
  })

  test('a write that fails at once changes nothing', async () => {
    const map = new DocumentMap<number>({ workspace, commits, kind: 'thing' })
    map.set('a', 1)
    await commits.settled
    expect(() => workspace.write(fail)).toThrow('no room')
    expect(() => map.set('a', 2)).toThrow(StorageFailure)
    expect(() => map.delete('a')).toThrow(StorageFailure)
    expect(map.get('a')).toBe(1)
  })

  test('values that JSON cannot hold have a codec', async () => {
    const codec = { encode: String, decode: BigInt }
    const map = new DocumentMap<bigint>({ workspace, commits, kind: 'counter', codec })
    map.set('id', 9007199254740993n)
    await commits.settled
    expect(new DocumentMap<bigint>({ workspace, commits, kind: 'counter', codec }).get('id')).toBe(9007199254740993n)
  })

  test('deleting what is not there writes nothing', () => {
    const map = new DocumentMap<number>({ workspace, commits, kind: 'thing' })
    map.delete('a')
    expect(commits.settled).toBeUndefined()
  })
})
