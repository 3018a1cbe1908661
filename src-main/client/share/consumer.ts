import { randomUUID } from 'node:crypto'
import type { Uuid } from '../../base/uuid'
import type { LogRecord } from '../../records/record'
import { coordinatorOf } from '../admin/groups'
import type { KafkaClient } from '../client'
import { check, KafkaError } from '../failures'
import { pause } from '../retry'
import {
  type Acknowledgement,
  type AcknowledgeType,
  type Acquired,
  acknowledgeCodes,
  type SharedPlace,
  type ShareLimits,
  ShareSession,
} from './session'

export interface ShareConsumerOptions extends ShareLimits {
  readonly groupId: string
  readonly topics: readonly string[]
  /** Works on a record; its answer is sent with the next fetch. Records of one fetch come one after the other. */
  readonly onRecord: (record: LogRecord, from: Acquired) => AcknowledgeType | Promise<AcknowledgeType>
  /** Failures that the consumer recovers from by itself. */
  readonly onError: (error: unknown) => void
}

/** With these a member joins again from the beginning. */
const rejoins: ReadonlySet<string> = new Set(['UNKNOWN_MEMBER_ID', 'FENCED_MEMBER_EPOCH'])
const retryPauseMs = 500

/** A consumer of a share group (KIP-932): acquires records from the partitions that it is assigned, and acknowledges each of them. */
export class ShareConsumer {
  readonly memberId = randomUUID()
  readonly #client: KafkaClient
  readonly #options: ShareConsumerOptions
  readonly #sessions = new Map<number, ShareSession>()
  /** What was worked on and not yet acknowledged, for each broker. */
  readonly #done = new Map<number, Acknowledgement[]>()
  #epoch = 0
  #assigned: readonly { readonly topicId: Uuid; readonly partitions: readonly number[] }[] = []
  #isClosed = false
  #cancelHeartbeat: () => void = () => {}
  #running: Promise<void> | undefined

  constructor(client: KafkaClient, options: ShareConsumerOptions) {
    this.#client = client
    this.#options = options
  }

  /** Begins to consume. */
  start(): void {
    this.#running ??= this.#run()
  }

  /** Acknowledges, gives the rest back, leaves the group and ends. The client stays open. @throws KafkaError, ClientError */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancelHeartbeat()
    await this.#running
    for (const [nodeId, session] of this.#sessions) await session.close(this.#done.get(nodeId) ?? [])
    this.#sessions.clear()
    if (this.#epoch > 0) await this.#heartbeat(-1)
  }

  async #run(): Promise<void> {
    while (!this.#isClosed) {
      try {
        if (this.#epoch === 0) await this.#join()
        await this.#poll()
      } catch (error) {
        if (this.#isClosed || this.#client.isDisposed) return
        this.#options.onError(error)
        await pause(this.#client.clock, retryPauseMs)
      }
    }
  }

  async #join(): Promise<void> {
    this.#cancelHeartbeat()
    this.#heartbeatLater(await this.#heartbeat(0))
  }

  /** Answers when the next one is due. */
  async #heartbeat(memberEpoch: number): Promise<number> {
    const { groupId, topics } = this.#options
    const answer = await this.#client.ask(
      coordinatorOf(groupId),
      'ShareGroupHeartbeat',
      {
        groupId,
        memberId: this.memberId,
        memberEpoch,
        ...(memberEpoch === 0 ? { subscribedTopicNames: topics } : {}),
      },
      { lane: 'group' },
    )
    check(answer.errorCode, `A member of share group ${groupId} cannot send its heartbeat`)
    this.#epoch = answer.memberEpoch
    if (answer.assignment) this.#assigned = answer.assignment.topicPartitions
    return answer.heartbeatIntervalMs
  }

  #heartbeatLater(intervalMs: number): void {
    const { clock } = this.#client
    this.#cancelHeartbeat = clock.at(clock.now() + intervalMs, () => {
      this.#heartbeat(this.#epoch).then(
        (next) => {
          if (!this.#isClosed) this.#heartbeatLater(next)
        },
        (error: unknown) => {
          if (this.#isClosed) return
          // The loop joins again.
          this.#epoch = 0
          if (!(error instanceof KafkaError && rejoins.has(error.error))) this.#options.onError(error)
        },
      )
    })
  }

  async #poll(): Promise<void> {
    const byLeader = await this.#byLeader()
    if (byLeader.size === 0) {
      await pause(this.#client.clock, retryPauseMs)
      return
    }
    await Promise.all([...byLeader].map(([nodeId, places]) => this.#fetch(nodeId, places)))
  }

  /** Assigned partitions, by the broker that leads them. */
  async #byLeader(): Promise<Map<number, SharedPlace[]>> {
    const byLeader = new Map<number, SharedPlace[]>()
    const topics = new Map((await this.#client.topics(this.#options.topics)).map((topic) => [topic.id, topic]))
    for (const { topicId, partitions } of this.#assigned) {
      const topic = topics.get(topicId)
      for (const partition of partitions) {
        const leader = topic?.partitions.find((one) => one.partition === partition)?.leader ?? -1
        if (!topic || leader < 0) continue
        const mine = byLeader.get(leader) ?? []
        byLeader.set(leader, mine)
        mine.push({ topic: topic.name, topicId, partition })
      }
    }
    return byLeader
  }

  async #fetch(nodeId: number, places: readonly SharedPlace[]): Promise<void> {
    const { groupId, onRecord } = this.#options
    const session = this.#sessions.get(nodeId) ?? new ShareSession(this.#client, nodeId, groupId, this.memberId)
    this.#sessions.set(nodeId, session)
    const done = this.#done.get(nodeId) ?? []
    this.#done.delete(nodeId)
    const acquired = await session.fetch(places, done, this.#options)
    const next: Acknowledgement[] = []
    this.#done.set(nodeId, next)
    for (const range of acquired) {
      const { first, last, records } = range
      const codes = Array<number>(last - first + 1).fill(acknowledgeCodes.gap)
      let worked = first
      for (const record of records) {
        if (this.#isClosed) break
        codes[record.offset - first] = acknowledgeCodes[await onRecord(record, range)]
        worked = record.offset + 1
      }
      // What it did not get to before it was closed is not acknowledged: the end of the session gives it back.
      const known = this.#isClosed ? codes.slice(0, worked - first) : codes
      if (known.length > 0) next.push({ ...range, codes: known })
    }
  }
}
