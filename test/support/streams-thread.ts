import { expect } from 'vitest'
import type { RequestInput, ResponseOf } from '../../src-main/protocol/api-types'
import { errorName } from '../../src-main/protocol/errors'

type Heartbeat = RequestInput<'StreamsGroupHeartbeat'>
export type Topology = NonNullable<Heartbeat['topology']>['subtopologies']
type Tasks = { subtopologyId: string; partitions: number[] }[]

const info = (name: string) => ({ name, partitions: 0, replicationFactor: -1, topicConfigs: [] })

export const subtopologyOf = (subtopologyId: string, given: Partial<Topology[number]>): Topology[number] => ({
  subtopologyId,
  sourceTopics: [],
  sourceTopicRegex: [],
  stateChangelogTopics: [],
  repartitionSinkTopics: [],
  repartitionSourceTopics: [],
  copartitionGroups: [],
  ...given,
})

/** Word count of the application `app`: `lines` are split into words, which are counted in a store. */
const wordCountTopology: Topology = [
  subtopologyOf('0', { sourceTopics: ['lines'], repartitionSinkTopics: ['app-words-repartition'] }),
  subtopologyOf('1', {
    repartitionSourceTopics: [info('app-words-repartition')],
    stateChangelogTopics: [info('app-counts-changelog')],
  }),
]

/** A thread of a Kafka Streams application, as its client drives it (KIP-1071): with each heartbeat it has what it was told last. */
export class StreamsThread {
  epoch = 0
  owned: { activeTasks: Tasks; standbyTasks: Tasks; warmupTasks: Tasks } = {
    activeTasks: [],
    standbyTasks: [],
    warmupTasks: [],
  }
  readonly memberId: string
  readonly #send: (body: Heartbeat) => Promise<ResponseOf<'StreamsGroupHeartbeat'>>
  readonly #subtopologies: Topology

  constructor(
    send: (body: Heartbeat) => Promise<ResponseOf<'StreamsGroupHeartbeat'>>,
    memberId: string,
    subtopologies = wordCountTopology,
  ) {
    this.#send = send
    this.memberId = memberId
    this.#subtopologies = subtopologies
  }

  async beat(changed: Partial<Heartbeat> = {}): Promise<void> {
    const join = {
      rebalanceTimeoutMs: 60_000,
      topology: { epoch: 0, subtopologies: this.#subtopologies },
      processId: `process-${this.memberId}`,
      clientTags: [],
    }
    const reply = await this.#send({
      groupId: 'app',
      memberId: this.memberId,
      memberEpoch: this.epoch,
      endpointInformationEpoch: -1,
      ...(this.epoch === 0 ? join : {}),
      ...this.owned,
      ...changed,
    })
    expect([errorName(reply.errorCode), reply.errorMessage]).toEqual(['NONE', null])
    this.epoch = reply.memberEpoch
    const { activeTasks, standbyTasks, warmupTasks } = reply
    if (activeTasks) {
      this.owned = { activeTasks, standbyTasks: standbyTasks ?? [], warmupTasks: warmupTasks ?? [] }
    }
  }

  async leave(): Promise<void> {
    await this.beat({ memberEpoch: -1, activeTasks: null, standbyTasks: null, warmupTasks: null })
  }
}
