import type { RequestInput } from '../../src-main/protocol/api-types'
import type { TestClient } from './core'

/** First and last offset, and one acknowledge type for all of them or one for each. */
export type Acknowledged = readonly [first: number, last: number, ...types: number[]]

/** A member of a share group that reads partition 0 of one topic, as a client drives it. */
export class Sharer {
  epoch = 0
  memberEpoch = 0
  readonly client: TestClient
  readonly memberId: string
  readonly topicId: string
  readonly groupId: string

  constructor(client: TestClient, memberId: string, topicId: string, groupId = 'g') {
    this.client = client
    this.memberId = memberId
    this.topicId = topicId
    this.groupId = groupId
  }

  async join(topic = 'orders') {
    const reply = await this.client.ask('ShareGroupHeartbeat', 1, {
      groupId: this.groupId,
      memberId: this.memberId,
      memberEpoch: this.memberEpoch,
      subscribedTopicNames: [topic],
    })
    this.memberEpoch = reply.memberEpoch
    return reply
  }

  #topics(acknowledged: readonly Acknowledged[] = []) {
    const acknowledgementBatches = acknowledged.map(([first, last, ...acknowledgeTypes]) => ({
      firstOffset: BigInt(first),
      lastOffset: BigInt(last),
      acknowledgeTypes,
    }))
    return [{ topicId: this.topicId, partitions: [{ partitionIndex: 0, acknowledgementBatches }] }]
  }

  async fetch(wish: Partial<RequestInput<'ShareFetch'>> = {}, acknowledged: readonly Acknowledged[] = []) {
    const reply = await this.client.ask('ShareFetch', 2, {
      groupId: this.groupId,
      memberId: this.memberId,
      shareSessionEpoch: this.epoch,
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 50_000_000,
      maxRecords: 500,
      batchSize: 500,
      topics: this.#topics(acknowledged),
      forgottenTopicsData: [],
      ...wish,
    })
    if (reply.errorCode === 0 && (wish.shareSessionEpoch ?? this.epoch) >= 0) this.epoch++
    const partition = reply.responses[0]?.partitions[0]
    return {
      error: reply.errorCode,
      partitionError: partition?.errorCode,
      acknowledgeError: partition?.acknowledgeErrorCode,
      acquired: (partition?.acquiredRecords ?? []).map(
        ({ firstOffset, lastOffset, deliveryCount }) => `${firstOffset}-${lastOffset} x${deliveryCount}`,
      ),
    }
  }

  async acknowledge(...acknowledged: readonly Acknowledged[]) {
    const reply = await this.client.ask('ShareAcknowledge', 2, {
      groupId: this.groupId,
      memberId: this.memberId,
      shareSessionEpoch: this.epoch,
      topics: this.#topics(acknowledged),
    })
    if (reply.errorCode === 0) this.epoch++
    return reply.errorCode || reply.responses[0]?.partitions[0]?.errorCode
  }

  async leave() {
    const reply = await this.client.ask('ShareGroupHeartbeat', 1, {
      groupId: this.groupId,
      memberId: this.memberId,
      memberEpoch: -1,
    })
    return reply.errorCode
  }
}

/** Sets a config of a group. */
export async function setGroupConfig(client: TestClient, groupId: string, name: string, value: string): Promise<void> {
  const { responses } = await client.ask('IncrementalAlterConfigs', 1, {
    resources: [{ resourceType: 32, resourceName: groupId, configs: [{ name, configOperation: 0, value }] }],
    validateOnly: false,
  })
  if (responses[0]?.errorCode !== 0) throw new Error(responses[0]?.errorMessage ?? name)
}
