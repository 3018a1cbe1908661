import { expect } from 'vitest'
import type { ConsumerEvent, ConsumerHeartbeat, ConsumerHeartbeatReply } from '../../src-main/groups/consumer/events'
import {
  type ConsumerGroup,
  consumerMemberOf,
  emptyConsumerGroup,
  type Partitions,
  stateOf,
} from '../../src-main/groups/consumer/group'
import { consumerMachine } from '../../src-main/groups/consumer/machine'
import { patternsOf, resolvePatterns } from '../../src-main/groups/consumer/subscription'
import type { TopicMetadata } from '../../src-main/groups/context'
import { causesLine, metadataOf } from '../../src-main/scenarios/tracer'
import { deepFreeze } from './freeze'

/** A consumer group driven by heartbeats; members do at once what they are told. */
export class ConsumerDriver {
  group: ConsumerGroup = deepFreeze(emptyConsumerGroup('g'))
  now = 0
  metadata: TopicMetadata
  causes: string[] = []
  maxSize = 100

  constructor(topics: Record<string, number>) {
    this.metadata = metadataOf(topics)
  }

  beat(memberId: string, fields: Partial<ConsumerHeartbeat> = {}): ConsumerHeartbeatReply {
    const event: ConsumerHeartbeat = {
      kind: 'consumerHeartbeat',
      ticket: 1,
      memberId,
      memberEpoch: consumerMemberOf(this.group, memberId)?.memberEpoch ?? 0,
      instanceId: null,
      rackId: null,
      clientId: memberId,
      clientHost: '/127.0.0.1',
      rebalanceTimeoutMs: -1,
      subscribedTopicNames: null,
      subscribedTopicRegex: null,
      serverAssignor: null,
      owned: null,
      settings: { sessionTimeoutMs: 45_000, heartbeatIntervalMs: 5000, maxSize: this.maxSize },
      ...fields,
    }
    const { group, effects, causes } = this.stepped(event)
    this.group = deepFreeze(group)
    if (causes.length > 0) this.causes.push(causesLine(causes))
    const replies = effects.flatMap((effect) => (effect.kind === 'reply' ? [effect.reply] : []))
    expect(replies).toHaveLength(1)
    return replies[0] as ConsumerHeartbeatReply
  }

  join(memberId: string, topics: readonly string[] = ['t'], fields: Partial<ConsumerHeartbeat> = {}) {
    return this.beat(memberId, {
      memberEpoch: 0,
      rebalanceTimeoutMs: 60_000,
      subscribedTopicNames: topics,
      owned: {},
      ...fields,
    })
  }

  /** Members revoke and take partitions as they are told, until nothing changes. */
  settle(): void {
    for (let round = 0; round < 10 && stateOf(this.group) !== 'Stable'; round++) {
      for (const { memberId, assigned } of this.group.members) this.beat(memberId, { owned: assigned })
    }
    expect(stateOf(this.group)).toBe('Stable')
  }

  assigned(memberId: string): Partitions | undefined {
    return consumerMemberOf(this.group, memberId)?.assigned
  }

  pass(ms: number): void {
    this.now += ms
    for (
      let event = consumerMachine.due(this.group, this.now);
      event;
      event = consumerMachine.due(this.group, this.now)
    ) {
      const { group, causes } = this.stepped(event)
      this.group = deepFreeze(group)
      if (causes.length > 0) this.causes.push(causesLine(causes))
    }
  }

  topics(topics: Record<string, number>): void {
    this.metadata = metadataOf(topics)
    const { group, causes } = this.stepped({ kind: 'topicsChanged' })
    this.group = deepFreeze(group)
    if (causes.length > 0) this.causes.push(causesLine(causes))
  }

  /** The group's patterns are resolved after a heartbeat of this member. */
  resolve(memberId: string, mayDescribe: (topic: string) => boolean = () => true): void {
    const resolved = resolvePatterns(patternsOf(this.group.members), this.metadata.keys(), mayDescribe)
    this.group = deepFreeze(this.stepped({ kind: 'patternsResolved', memberId, resolved }).group)
  }

  /** A step that is not taken. */
  stepped(event: ConsumerEvent) {
    const context = {
      topics: this.metadata,
      migration: 'bidirectional',
      classicMaxSize: 100,
      consumerMaxSize: 100,
    } as const
    return consumerMachine.step(this.group, event, this.now, context)
  }
}
