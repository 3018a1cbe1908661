import { describe, expect, it } from 'vitest'
import { type Assignable, assignTasks } from '../../../../src-main/groups/streams/assignor'
import type { ConfiguredSubtopology } from '../../../../src-main/groups/streams/configure'
import { countTasks, noTasks, type Roles } from '../../../../src-main/groups/streams/tasks'

function configured(subtopologyId: string, tasks: number, isStateful = true): ConfiguredSubtopology {
  return { subtopologyId, tasks, isStateful, inputs: [], repartitions: [], changelogs: [] }
}

function member(memberId: string, processId: string, before: Partial<Roles> = {}): Assignable {
  return { memberId, processId, before: { ...noTasks, ...before }, taskOffsets: [] }
}

const threads = [member('a1', 'a'), member('b1', 'b'), member('a2', 'a'), member('b2', 'b')]

describe('the sticky assignor', () => {
  it('[G15] spreads active tasks over processes and threads', () => {
    const made = assignTasks(threads, [configured('0', 4), configured('1', 4)], 0)
    expect(Object.values(made).map(countTasks)).toEqual([2, 2, 2, 2])
  })

  it('[G15] leaves active tasks where they are, up to the quota', () => {
    const before = { active: { '0': [0, 1, 2, 3] } }
    const made = assignTasks([member('a', 'a', before), member('b', 'b')], [configured('0', 4)], 0)
    expect(made).toMatchObject({ a: { active: { '0': [0, 1] } }, b: { active: { '0': [2, 3] } } })
  })

  it('[G15] gives a task to a member that has its state: a standby, or the one that is farthest', () => {
    const standby = member('b', 'b', { standby: { '0': [0] } })
    expect(assignTasks([member('a', 'a'), standby], [configured('0', 1)], 0)).toMatchObject({
      b: { active: { '0': [0] } },
    })
    const far = (memberId: string, offset: string) => ({
      ...member(memberId, memberId),
      taskOffsets: [{ subtopologyId: '0', partition: 0, offset }],
    })
    const made = assignTasks(
      [member('a', 'a'), far('b', '5'), far('c', '9223372036854775807')],
      [configured('0', 1)],
      0,
    )
    expect(made).toMatchObject({ c: { active: { '0': [0] } } })
  })

  it('[G16] puts standby tasks on other processes, for stateful subtopologies only', () => {
    const made = assignTasks(threads, [configured('0', 4, false), configured('1', 4)], 1)
    const has = (process: string, role: 'active' | 'standby') =>
      threads
        .filter(({ processId }) => processId === process)
        .flatMap(({ memberId }) => made[memberId]?.[role]['1'] ?? [])
    expect([...has('a', 'standby'), ...has('b', 'standby')].sort()).toEqual([0, 1, 2, 3])
    for (const process of ['a', 'b']) {
      expect(has(process, 'standby').filter((task) => has(process, 'active').includes(task))).toEqual([])
    }
    expect(Object.values(made).flatMap(({ standby }) => Object.keys(standby))).not.toContain('0')
    expect(Object.values(made).map(countTasks)).toEqual([3, 3, 3, 3])
  })

  it('[G17] hands out no warm-up tasks', () => {
    const before = { warmup: { '0': [0] } }
    const made = assignTasks([member('a', 'a'), member('b', 'b', before)], [configured('0', 2)], 1)
    expect(Object.values(made).map(({ warmup }) => warmup)).toEqual([{}, {}])
  })

  it('[G16] has fewer standby tasks than asked for when there are too few processes', () => {
    const made = assignTasks([member('a', 'a'), member('b', 'b')], [configured('0', 2)], 3)
    expect(Object.values(made).map(countTasks)).toEqual([2, 2])
    expect(countTasks(assignTasks([member('a', 'a')], [configured('0', 2)], 1).a ?? noTasks)).toBe(2)
  })

  it('[G16] moves no active task when standbys are switched on', () => {
    const before = (tasks: number[]) => ({ active: { '0': tasks } })
    const made = assignTasks(
      [member('a', 'a', before([0, 3])), member('b', 'b', before([1, 2]))],
      [configured('0', 4)],
      1,
    )
    expect(made).toMatchObject({
      a: { active: { '0': [0, 3] }, standby: { '0': [1, 2] } },
      b: { active: { '0': [1, 2] }, standby: { '0': [0, 3] } },
    })
  })
})
