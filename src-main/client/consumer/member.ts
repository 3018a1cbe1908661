import { groupByTopic, type TopicPartition } from '../../base/topic-partition'
import type { RequestInput, ResponseOf } from '../../protocol/api-types'
import {
  readAssignment,
  readSubscription,
  writeAssignment,
  writeSubscription,
} from '../../protocol/embedded/consumer-protocol'
import { errorName } from '../../protocol/errors'
import { coordinatorOf } from '../admin/groups'
import type { KafkaClient } from '../client'
import { check, KafkaError } from '../failures'
import { rangeAssignment } from './range'

export interface MemberOptions {
  readonly groupId: string
  readonly topics: readonly string[]
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
}

/** Time for the answer of a JoinGroup beyond the rebalance timeout, as in Java (JoinGroupRequest: 5 s). */
const joinGraceMs = 5000
const protocolName = 'range'

/** Errors after which a member joins again; with these it is a new member. */
const forgotten: ReadonlySet<string> = new Set(['UNKNOWN_MEMBER_ID', 'FENCED_INSTANCE_ID'])
/** A rebalance began, or was missed. */
const rejoins: ReadonlySet<string> = new Set([...forgotten, 'ILLEGAL_GENERATION', 'REBALANCE_IN_PROGRESS'])

/** True for an error that ends with joining again. */
export function mustRejoin(error: unknown): boolean {
  return error instanceof KafkaError && rejoins.has(error.error)
}

/** A member of a group of the classic protocol, with the range assignor. */
export class GroupMember {
  readonly #client: KafkaClient
  readonly #options: MemberOptions
  #memberId = ''
  #generation = -1

  constructor(client: KafkaClient, options: MemberOptions) {
    this.#client = client
    this.#options = options
  }

  /** The member id and generation, as commits show them. */
  get identity(): { readonly memberId: string; readonly generationOrEpoch: number } {
    return { memberId: this.#memberId, generationOrEpoch: this.#generation }
  }

  /** Joins, and waits for the assignment. @throws KafkaError; with `mustRejoin` the caller tries again */
  async join(): Promise<TopicPartition[]> {
    const joined = await this.#joined()
    this.#generation = joined.generationId
    const assignments = joined.leader === this.#memberId ? await this.#assign(joined.members) : []
    const answer = await this.#ask('SyncGroup', {
      groupId: this.#options.groupId,
      generationId: this.#generation,
      memberId: this.#memberId,
      protocolType: 'consumer',
      protocolName,
      assignments,
    })
    this.#check(answer.errorCode, 'cannot get its assignment')
    if (answer.assignment.byteLength === 0) return []
    return readAssignment(answer.assignment).assignedPartitions.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    )
  }

  /** @throws KafkaError; REBALANCE_IN_PROGRESS when the member must join again */
  async heartbeat(): Promise<void> {
    const answer = await this.#client.ask(
      coordinatorOf(this.#options.groupId),
      'Heartbeat',
      { groupId: this.#options.groupId, generationId: this.#generation, memberId: this.#memberId },
      { lane: 'group' },
    )
    this.#check(answer.errorCode, 'cannot send its heartbeat')
  }

  /** Leaves the group, when it is a member. @throws KafkaError */
  async leave(): Promise<void> {
    const memberId = this.#memberId
    if (memberId === '') return
    this.#memberId = ''
    const { groupId } = this.#options
    const answer = await this.#client.ask(
      coordinatorOf(groupId),
      'LeaveGroup',
      (version) =>
        version < 3
          ? { groupId, memberId }
          : { groupId, members: [{ memberId, reason: 'the consumer is being closed' }] },
      { lane: 'group' },
    )
    check(answer.errorCode, `A member of ${groupId} cannot leave`)
  }

  /** Joins until the broker has given a member id (KIP-394) and the generation is complete. */
  async #joined() {
    const { groupId, topics, sessionTimeoutMs, rebalanceTimeoutMs } = this.#options
    const subscription = { topics: [...topics], userData: null, ownedPartitions: [], generationId: -1, rackId: null }
    for (;;) {
      const answer = await this.#ask('JoinGroup', {
        groupId,
        sessionTimeoutMs,
        rebalanceTimeoutMs,
        memberId: this.#memberId,
        protocolType: 'consumer',
        protocols: [{ name: protocolName, metadata: writeSubscription(subscription, 1) }],
      })
      if (errorName(answer.errorCode) === 'MEMBER_ID_REQUIRED') {
        this.#memberId = answer.memberId
        continue
      }
      this.#check(answer.errorCode, 'cannot join')
      this.#memberId = answer.memberId
      return answer
    }
  }

  #ask<N extends 'JoinGroup' | 'SyncGroup'>(name: N, body: RequestInput<N>): Promise<ResponseOf<N>> {
    const timeoutMs = this.#options.rebalanceTimeoutMs + joinGraceMs
    return this.#client.ask(coordinatorOf(this.#options.groupId), name, body, { lane: 'group', timeoutMs })
  }

  #check(code: number, what: string): void {
    if (forgotten.has(errorName(code))) this.#memberId = ''
    check(code, `A member of ${this.#options.groupId} ${what}`)
  }

  /** What the leader hands out. */
  async #assign(members: readonly { readonly memberId: string; readonly metadata: Uint8Array }[]) {
    const subscribers = members.map(({ memberId, metadata }) => ({
      memberId,
      topics: readSubscription(metadata).topics,
    }))
    const names = [...new Set(subscribers.flatMap(({ topics }) => topics))]
    const counts = new Map(
      (await this.#client.describeTopics(names)).map(({ name, partitions }) => [name, partitions.length]),
    )
    const assigned = rangeAssignment(subscribers, (topic) => counts.get(topic) ?? 0)
    return [...assigned].map(([memberId, partitions]) => ({
      memberId,
      assignment: writeAssignment(
        {
          assignedPartitions: [...groupByTopic(partitions)].map(([topic, some]) => ({
            topic,
            partitions: some.map(({ partition }) => partition),
          })),
        },
        1,
      ),
    }))
  }
}
