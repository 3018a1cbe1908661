import { randomUUID } from 'node:crypto'
import type { RequestInput, ResponseOf } from '../../protocol/api-types'
import { errorName } from '../../protocol/errors'
import { coordinatorOf } from '../admin/groups'
import type { KafkaClient } from '../client'
import { check } from '../failures'

type Heartbeat = RequestInput<'StreamsGroupHeartbeat'>
type Lists = Pick<Heartbeat, 'activeTasks' | 'standbyTasks' | 'warmupTasks'>

export type StreamsTopology = NonNullable<Heartbeat['topology']>['subtopologies']
export type StreamsDescription = RequestInput<'StreamsGroupTopologyDescriptionUpdate'>['topologyDescription']
/** How far a copy of a task's state is, or could be. */
export type TaskOffsets = NonNullable<Heartbeat['taskOffsets']>

export interface StreamsTask {
  readonly subtopologyId: string
  readonly partition: number
}

export interface StreamsMemberOptions {
  readonly groupId: string
  /** Members of one process share their state. */
  readonly processId: string
  readonly topology: StreamsTopology
  /** The processor graph, which the broker may ask for (KIP-1331). */
  readonly description?: StreamsDescription
  /** Where the state of this process can be queried (`application.server`). */
  readonly endpoint?: { readonly host: string; readonly port: number }
}

/** With these a member joins again from the beginning. */
const rejoins: ReadonlySet<string> = new Set(['UNKNOWN_MEMBER_ID', 'FENCED_MEMBER_EPOCH'])
const noLists: Lists = { activeTasks: [], standbyTasks: [], warmupTasks: [] }

/** A member of a streams group (KIP-1071), driven by its owner: each heartbeat tells which tasks it has, and hears which it is to have. */
export class StreamsMember {
  readonly memberId = randomUUID()
  readonly #client: KafkaClient
  readonly #options: StreamsMemberOptions
  #epoch = 0
  #lists = noLists

  constructor(client: KafkaClient, options: StreamsMemberOptions) {
    this.#client = client
    this.#options = options
  }

  /** The member id and epoch, as commits show them. */
  get identity(): { readonly memberId: string; readonly generationOrEpoch: number } {
    return { memberId: this.memberId, generationOrEpoch: this.#epoch }
  }

  get active(): readonly StreamsTask[] {
    return tasksOf(this.#lists.activeTasks)
  }

  get standby(): readonly StreamsTask[] {
    return tasksOf(this.#lists.standbyTasks)
  }

  /**
   * Joins, or tells that it is alive and has done what the last answer asked for. A member that was removed has no tasks, and joins
   * with the next heartbeat.
   *
   * @returns true when it has other tasks now
   * @throws KafkaError, ClientError
   */
  async heartbeat(
    state: { readonly offsets: TaskOffsets; readonly ends: TaskOffsets } | null = null,
  ): Promise<boolean> {
    const { groupId, processId, topology, endpoint = null } = this.#options
    const isJoin = this.#epoch === 0
    const answer = await this.#ask({
      ...this.#lists,
      ...(isJoin
        ? {
            rebalanceTimeoutMs: this.#client.settings.callTimeoutMs,
            topology: { epoch: 0, subtopologies: topology },
            processId,
            userEndpoint: endpoint && { ...endpoint },
            clientTags: [],
          }
        : {}),
      ...(state ? { taskOffsets: state.offsets, taskEndOffsets: state.ends } : {}),
    })
    if (rejoins.has(errorName(answer.errorCode))) {
      this.#epoch = 0
      this.#lists = noLists
      return true
    }
    check(answer.errorCode, `A member of streams group ${groupId} cannot send its heartbeat`, answer.errorMessage)
    this.#epoch = answer.memberEpoch
    const { activeTasks, standbyTasks, warmupTasks, topologyDescriptionRequired } = answer
    if (topologyDescriptionRequired) await this.#describe()
    if (activeTasks === null) return false
    const lists = { activeTasks, standbyTasks, warmupTasks }
    const isOther = JSON.stringify(lists) !== JSON.stringify(this.#lists)
    this.#lists = lists
    return isOther
  }

  /** Leaves the group, when it is a member. @throws KafkaError, ClientError */
  async leave(): Promise<void> {
    if (this.#epoch === 0) return
    const answer = await this.#ask({ memberEpoch: -1 })
    this.#epoch = 0
    this.#lists = noLists
    if (rejoins.has(errorName(answer.errorCode))) return
    check(answer.errorCode, `A member of streams group ${this.#options.groupId} cannot leave`, answer.errorMessage)
  }

  #ask(body: Partial<Heartbeat>): Promise<ResponseOf<'StreamsGroupHeartbeat'>> {
    const { groupId } = this.#options
    const heartbeat = {
      groupId,
      memberId: this.memberId,
      memberEpoch: this.#epoch,
      endpointInformationEpoch: -1,
      ...body,
    }
    return this.#client.ask(coordinatorOf(groupId), 'StreamsGroupHeartbeat', heartbeat, { lane: 'group' })
  }

  async #describe(): Promise<void> {
    const { groupId, description } = this.#options
    if (!description) return
    const body = { groupId, memberId: this.memberId, topologyEpoch: 0, topologyDescription: description }
    const answer = await this.#client.ask(coordinatorOf(groupId), 'StreamsGroupTopologyDescriptionUpdate', body, {
      lane: 'group',
    })
    check(answer.errorCode, `The topology of streams group ${groupId} cannot be described`, answer.errorMessage)
  }
}

function tasksOf(lists: Lists['activeTasks']): StreamsTask[] {
  return (lists ?? []).flatMap(({ subtopologyId, partitions }) =>
    partitions.map((partition) => ({ subtopologyId, partition })),
  )
}
