import type { KafkaClient } from '../../src-main/client/client'
import type { RequestInput, ResponseOf } from '../../src-main/protocol/api-types'
import type { Topology } from './streams-thread'

export type Heartbeat = RequestInput<'StreamsGroupHeartbeat'>
type Answer = ResponseOf<'StreamsGroupHeartbeat'>

const emptyLists = { activeTasks: [], standbyTasks: [], warmupTasks: [] }

/** A member as its client drives it. */
export class ChatMember {
  epoch = 0
  owned: Pick<Heartbeat, 'activeTasks' | 'standbyTasks' | 'warmupTasks'> = emptyLists
  readonly #client: KafkaClient
  readonly #body: Partial<Heartbeat> & { readonly groupId: string; readonly memberId: string }
  readonly #subtopologies: Topology

  constructor(
    client: KafkaClient,
    groupId: string,
    memberId: string,
    subtopologies: Topology,
    more: Partial<Heartbeat> = {},
  ) {
    this.#client = client
    this.#subtopologies = subtopologies
    this.#body = { groupId, memberId, ...more }
  }

  async beat(changed: Partial<Heartbeat> = {}, maxVersion = 1): Promise<Answer> {
    const { groupId, memberId, instanceId = null, ...more } = this.#body
    const join = {
      rebalanceTimeoutMs: 60_000,
      topology: { epoch: 0, subtopologies: this.#subtopologies },
      processId: `process-${memberId}`,
      clientTags: [],
      taskOffsets: [],
      taskEndOffsets: [],
      ...more,
    }
    // Finding the coordinator needs DESCRIBE, and there is one broker only.
    const answer = await this.#client.ask(
      { to: 'any' },
      'StreamsGroupHeartbeat',
      {
        groupId,
        memberId,
        instanceId,
        memberEpoch: this.epoch,
        endpointInformationEpoch: -1,
        ...(this.epoch === 0 ? join : {}),
        ...this.owned,
        ...changed,
      },
      { maxVersion },
    )
    if (answer.errorCode === 0) {
      this.epoch = Math.max(0, answer.memberEpoch)
      const { activeTasks, standbyTasks, warmupTasks } = answer
      if (activeTasks) this.owned = { activeTasks, standbyTasks, warmupTasks }
      if (answer.memberEpoch < 0) this.owned = emptyLists
    }
    return answer
  }
}
