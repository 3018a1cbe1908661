import { randomUUID } from 'node:crypto'
import type { Clock } from '../base/clock'
import { alterGroupConfigs } from '../client/admin/configs'
import { deleteGroup } from '../client/admin/groups'
import { describeStreamsGroup, removeStreamsMembers } from '../client/admin/streams-groups'
import type { KafkaClient } from '../client/client'
import { StatisticsThread } from './statistics-thread'
import { statisticsGroup } from './statistics-topology'

/** An instance leaves or comes back this often, so that tasks move. */
const changeEveryMs = 24_000
/** Threads of each instance; the last one comes and goes. */
const threads = [2, 1, 1]
/** So that a copy of each state is there, and the first tasks are given at once. */
const groupConfigs = { 'streams.num.standby.replicas': '1', 'streams.initial.rebalance.delay.ms': '0' }

/** Removes what an earlier run left: members that were cut off, the group and its configs. @throws ClientError, KafkaError */
export async function removeStatistics(admin: KafkaClient): Promise<void> {
  const group = await describeStreamsGroup(admin, statisticsGroup)
  if (group) {
    const memberIds = group.members.map(({ memberId }) => memberId)
    await removeStreamsMembers(admin, statisticsGroup, memberIds)
    await deleteGroup(admin, statisticsGroup)
  }
  const nothing = Object.fromEntries(Object.keys(groupConfigs).map((name) => [name, null]))
  await alterGroupConfigs(admin, statisticsGroup, nothing)
}

interface StatisticsParts {
  /** A client that its user disposes of. */
  readonly newClient: (clientId: string) => KafkaClient
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/** A streams application of the demo: sums up sales by item, in three instances (KIP-1071). */
export class Statistics {
  readonly #parts: StatisticsParts
  readonly #instances: (readonly StatisticsThread[])[] = []
  readonly #leaving = new Set<Promise<void>>()
  #cancelChange: () => void = () => {}

  constructor(parts: StatisticsParts) {
    this.#parts = parts
  }

  /** @throws ClientError, KafkaError when the group cannot be configured */
  async open(admin: KafkaClient): Promise<void> {
    await alterGroupConfigs(admin, statisticsGroup, groupConfigs)
    for (const place of threads.keys()) this.#join(place)
    this.#planChange()
  }

  /** Its threads leave the group. */
  async close(): Promise<void> {
    this.#cancelChange()
    const all = this.#instances.splice(0).flat()
    await Promise.allSettled([...all.map((thread) => thread.close()), ...this.#leaving])
  }

  #join(place: number): void {
    const { newClient, onError } = this.#parts
    const name = `${statisticsGroup}-${place + 1}`
    const processId = randomUUID()
    const endpoint = { host: `${name}.local`, port: 8090 }
    this.#instances[place] = Array.from({ length: threads[place] ?? 0 }, (_, i) => {
      const client = newClient(`${name}-StreamThread-${i + 1}-consumer`)
      return new StatisticsThread(client, { processId, endpoint, onError })
    })
    for (const thread of this.#instances[place] ?? []) thread.start()
  }

  #planChange(): void {
    const { clock, onError } = this.#parts
    this.#cancelChange = clock.at(clock.now() + changeEveryMs, () => {
      this.#planChange()
      const place = threads.length - 1
      const running = this.#instances[place] ?? []
      if (running.length === 0) {
        this.#join(place)
        return
      }
      this.#instances[place] = []
      for (const thread of running) {
        const left = thread
          .close()
          .catch(onError)
          .finally(() => this.#leaving.delete(left))
        this.#leaving.add(left)
      }
    })
  }
}
