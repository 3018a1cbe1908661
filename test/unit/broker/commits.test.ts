import { beforeEach, expect, test } from 'vitest'
import { Commits } from '../../../src-main/broker/commits'

/** Group commits that the test ends. */
let turns: { readonly promise: Promise<void>; readonly store: () => void; readonly fail: () => void }[]
let commits: Commits
let heard: string[]

beforeEach(() => {
  turns = []
  heard = []
  commits = new Commits({ committed: () => turns.at(-1)?.promise ?? Promise.resolve() })
})

function beginTurn() {
  let store = () => {}
  let fail = () => {}
  const promise = new Promise<void>((resolve, reject) => {
    store = resolve
    fail = () => reject(new Error('full'))
  })
  turns.push({ promise, store, fail })
  return { store: () => store(), fail: () => fail() }
}

const state = (name: string) => ({
  committed: () => void heard.push(`${name} stored`),
  rolledBack: () => void heard.push(`${name} undone`),
})

test('listeners are notified of a turn after state in memory knows that it is stored', async () => {
  const turn = beginTurn()
  commits.touch(state('a'))
  commits.whenStored(() => heard.push('notified'))
  expect(heard).toEqual([])
  turn.store()
  await commits.settled
  expect(heard).toEqual(['a stored', 'notified'])
  expect(commits.settled).toBeUndefined()
})

test('a failed turn is undone, and no listener is notified', async () => {
  const turn = beginTurn()
  commits.touch(state('a'))
  commits.whenStored(() => heard.push('notified'))
  turn.fail()
  await expect(commits.settled).rejects.toThrow('full')
  expect(heard).toEqual(['a undone'])
})

test('without a write listeners are notified at once', () => {
  commits.whenStored(() => heard.push('notified'))
  expect(heard).toEqual(['notified'])
})

test('a turn that begins before the end of the previous one is known is a turn of its own', async () => {
  const first = beginTurn()
  commits.touch(state('a'))
  const settledFirst = commits.settled
  first.store()
  const second = beginTurn()
  commits.touch(state('b'))
  commits.whenStored(() => heard.push('b notified'))
  await settledFirst
  expect(heard).toEqual(['a stored'])
  second.fail()
  await expect(commits.settled).rejects.toThrow('full')
  expect(heard).toEqual(['a stored', 'b undone'])
})
