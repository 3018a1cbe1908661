import type { ConfiguredSubtopology } from './configure'
import type { TaskOffset } from './group'
import { allTasks, hasTask, noTasks, type Roles } from './tasks'

export interface Assignable {
  readonly memberId: string
  readonly processId: string
  /** What it was to have until now. */
  readonly before: Roles
  readonly taskOffsets: readonly TaskOffset[]
}

interface Task {
  readonly subtopologyId: string
  readonly partition: number
}

interface Thread {
  readonly member: Assignable
  readonly process: Process
  readonly active: Task[]
  readonly standby: Task[]
}

interface Process {
  readonly threads: Thread[]
}

/** Tasks that each member may have; it falls as members are full. */
class Quota {
  #tasks: number
  #members: number

  constructor(tasks: number, members: number) {
    this.#tasks = tasks
    this.#members = members
  }

  get each(): number {
    return this.#members === 0 ? 0 : Math.ceil(this.#tasks / this.#members)
  }

  added(count: number): void {
    if (count !== this.each) return
    this.#members--
    this.#tasks -= count
  }
}

/**
 * [G15] `sticky` (StickyTaskAssignor): active tasks stay where they are, or go where their state is, or to the process with the least load;
 * [G16] standby tasks go to other processes. Where Kafka's choice follows the order of its hash maps, ours is the member that joined first.
 */
export function assignTasks(
  members: readonly Assignable[],
  subtopologies: readonly ConfiguredSubtopology[],
  standbys: number,
): Readonly<Record<string, Roles>> {
  return new Assignment(members, subtopologies, standbys).made()
}

class Assignment {
  readonly #threads: Thread[]
  readonly #processes: Process[]
  readonly #subtopologies: readonly ConfiguredSubtopology[]
  readonly #standbys: number
  readonly #activeQuota: Quota
  readonly #totalQuota: Quota

  constructor(members: readonly Assignable[], subtopologies: readonly ConfiguredSubtopology[], standbys: number) {
    const processes = new Map<string, Process>()
    this.#threads = members.map((member) => {
      const process = processes.get(member.processId) ?? { threads: [] }
      processes.set(member.processId, process)
      const thread: Thread = { member, process, active: [], standby: [] }
      process.threads.push(thread)
      return thread
    })
    this.#processes = [...processes.values()]
    this.#subtopologies = subtopologies
    this.#standbys = standbys
    const sum = (each: readonly ConfiguredSubtopology[]) => each.reduce((total, { tasks }) => total + tasks, 0)
    const active = sum(subtopologies)
    const stateful = sum(subtopologies.filter(({ isStateful }) => isStateful))
    this.#activeQuota = new Quota(active, members.length)
    this.#totalQuota = new Quota(active + stateful * standbys, members.length)
  }

  made(): Readonly<Record<string, Roles>> {
    const left = this.#followState(this.#keepActive(this.#tasks(() => true).sort(byPartition)))
    for (const task of left.sort(bySubtopology)) this.#give(task, leastLoaded(this.#processes))
    if (this.#standbys > 0) this.#placeStandbys(this.#tasks(({ isStateful }) => isStateful))
    return Object.fromEntries(
      this.#threads.map(({ member, active, standby }) => [
        member.memberId,
        { ...noTasks, active: listed(active), standby: listed(standby) },
      ]),
    )
  }

  #tasks(test: (subtopology: ConfiguredSubtopology) => boolean): Task[] {
    return this.#subtopologies
      .filter(test)
      .flatMap(({ subtopologyId, tasks }) =>
        Array.from({ length: tasks }, (_, partition) => ({ subtopologyId, partition })),
      )
  }

  /** Returns the tasks that were not assigned. */
  #keepActive(tasks: readonly Task[]): Task[] {
    return tasks.filter((task) => !this.#giveWithin(task, this.#hadActive(task)))
  }

  #followState(tasks: readonly Task[]): Task[] {
    return tasks.filter((task) => !this.#giveWithin(task, lightest(this.#haveState(task))))
  }

  #giveWithin(task: Task, thread: Thread | undefined): boolean {
    if (!thread || countOf(thread) >= this.#activeQuota.each) return false
    this.#give(task, thread)
    return true
  }

  #give(task: Task, thread: Thread | undefined): void {
    if (!thread) return
    thread.active.push(task)
    this.#activeQuota.added(countOf(thread))
    this.#totalQuota.added(countOf(thread))
  }

  #placeStandbys(tasks: Task[]): void {
    const rest: Task[] = []
    for (const task of tasks.sort(byPartition).reverse()) {
      for (let copy = 0; copy < this.#standbys; copy++) {
        const active = this.#hadActive(task)
        const wished = [
          active && !processHas(active.process, task) ? active : undefined,
          lightest(this.#hadStandby(task).filter(({ process }) => !processHas(process, task))),
        ]
        const thread = wished.find((each) => each && countOf(each) < this.#totalQuota.each)
        if (thread) this.#giveStandby(task, thread)
        else rest.push(task)
      }
    }
    for (const task of rest.sort(bySubtopology).reverse()) {
      const thread = leastLoaded(this.#processes.filter((process) => !processHas(process, task)))
      if (thread) this.#giveStandby(task, thread)
    }
  }

  #giveStandby(task: Task, thread: Thread): void {
    thread.standby.push(task)
    this.#totalQuota.added(countOf(thread))
  }

  #hadActive({ subtopologyId, partition }: Task): Thread | undefined {
    return this.#threads.find(({ member }) => hasTask(member.before.active, subtopologyId, partition))
  }

  #hadStandby({ subtopologyId, partition }: Task): Thread[] {
    return this.#threads.filter(({ member }) => hasTask(member.before.standby, subtopologyId, partition))
  }

  /** Threads with a copy of the task's state: standbys first, then those that reported offsets, the farthest first. */
  #haveState(task: Task): Thread[] {
    const standbys = this.#hadStandby(task)
    const reported = this.#threads.flatMap((thread) => {
      const found = thread.member.taskOffsets.find(
        ({ subtopologyId, partition }) => subtopologyId === task.subtopologyId && partition === task.partition,
      )
      return found && !standbys.includes(thread) ? [{ thread, offset: BigInt(found.offset) }] : []
    })
    reported.sort((a, b) => (a.offset === b.offset ? 0 : a.offset > b.offset ? -1 : 1))
    return [...standbys, ...reported.map(({ thread }) => thread)]
  }
}

function byPartition(a: Task, b: Task): number {
  return a.partition - b.partition || compare(a.subtopologyId, b.subtopologyId)
}

function bySubtopology(a: Task, b: Task): number {
  return compare(a.subtopologyId, b.subtopologyId) || a.partition - b.partition
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function countOf({ active, standby }: Thread): number {
  return active.length + standby.length
}

function loadOf({ threads }: Process): number {
  return threads.reduce((sum, thread) => sum + countOf(thread), 0) / threads.length
}

function processHas({ threads }: Process, task: Task): boolean {
  return threads.some(({ active, standby }) =>
    [...active, ...standby].some(
      ({ subtopologyId, partition }) => subtopologyId === task.subtopologyId && partition === task.partition,
    ),
  )
}

function leastOf<T>(items: readonly T[], weight: (item: T) => number): T | undefined {
  return items.reduce<T | undefined>(
    (least, item) => (least === undefined || weight(item) < weight(least) ? item : least),
    undefined,
  )
}

/** The thread with the fewest tasks in the process with the least load. */
function leastLoaded(processes: readonly Process[]): Thread | undefined {
  return leastOf(leastOf(processes, loadOf)?.threads ?? [], countOf)
}

/** The first of them, or one whose process and whose own tasks are fewer. */
function lightest(threads: readonly Thread[]): Thread | undefined {
  return threads.reduce<Thread | undefined>((best, thread) => {
    if (!best) return thread
    return loadOf(thread.process) < loadOf(best.process) && countOf(thread) < countOf(best) ? thread : best
  }, undefined)
}

function listed(tasks: readonly Task[]): Roles['active'] {
  return allTasks(...tasks.map(({ subtopologyId, partition }) => ({ [subtopologyId]: [partition] })))
}
