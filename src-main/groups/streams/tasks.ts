import type { Partitions } from '../consumer/group'

/** Tasks: subtopology id to sorted partition numbers. */
export type Tasks = Partitions

/** Tasks of a member by what it does with them. */
export interface Roles {
  readonly active: Tasks
  readonly standby: Tasks
  readonly warmup: Tasks
}

export type Role = keyof Roles

export const noTasks: Roles = { active: {}, standby: {}, warmup: {} }

/** The partition numbers of one subtopology. Ids come from clients, and may be names that every object has. */
function numbersOf(tasks: Tasks, subtopologyId: string): readonly number[] {
  return (Object.hasOwn(tasks, subtopologyId) && tasks[subtopologyId]) || []
}

export function hasTask(tasks: Tasks, subtopologyId: string, partition: number): boolean {
  return numbersOf(tasks, subtopologyId).includes(partition)
}

/** The tasks for which the test is true. */
export function tasksWhere(tasks: Tasks, test: (subtopologyId: string, partition: number) => boolean): Tasks {
  return Object.fromEntries(
    Object.entries(tasks).flatMap(([id, numbers]) => {
      const kept = numbers.filter((number) => test(id, number))
      return kept.length > 0 ? [[id, kept]] : []
    }),
  )
}

export function tasksWithout(tasks: Tasks, others: Tasks): Tasks {
  return tasksWhere(tasks, (id, partition) => !hasTask(others, id, partition))
}

export function tasksInBoth(tasks: Tasks, others: Tasks): Tasks {
  return tasksWhere(tasks, (id, partition) => hasTask(others, id, partition))
}

export function allTasks(...lists: readonly Tasks[]): Tasks {
  const ids = [...new Set(lists.flatMap((tasks) => Object.keys(tasks)))].sort()
  return Object.fromEntries(
    ids.map((id) => [id, [...new Set(lists.flatMap((tasks) => numbersOf(tasks, id)))].sort((a, b) => a - b)]),
  )
}

export function isEmptyTasks(tasks: Tasks): boolean {
  return Object.values(tasks).every((numbers) => numbers.length === 0)
}

export function eachRole(make: (role: Role) => Tasks): Roles {
  return { active: make('active'), standby: make('standby'), warmup: make('warmup') }
}

export function everyRole(test: (role: Role) => boolean): boolean {
  return test('active') && test('standby') && test('warmup')
}

export function countTasks({ active, standby, warmup }: Roles): number {
  return [active, standby, warmup].flatMap((tasks) => Object.values(tasks)).reduce((sum, { length }) => sum + length, 0)
}
