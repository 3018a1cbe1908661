import type { Clock, Millis } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import type { Log } from '../../base/log'
import { type Uuid, zeroUuid } from '../../base/uuid'
import type { Cause } from '../../groups/causes'
import { type Committer, commitProblem } from '../../groups/classic/commit'
import type { ClassicSettings, LeaveReply } from '../../groups/classic/events'
import { type ClassicGroup, emptyGroup } from '../../groups/classic/group'
import type { ConsumerSettings, World } from '../../groups/consumer/events'
import {
  type CommitBy,
  type ConsumerGroup,
  consumerCommitProblem,
  consumerFetchProblem,
  type Partitions,
} from '../../groups/consumer/group'
import {
  type AnyEvent,
  type AnyGroup,
  type AnyReply,
  due,
  isEmpty,
  type MigrationPolicy,
  revive,
  type Surroundings,
  step,
  wakeAt,
} from '../../groups/either'
import type { Effect, Ticket } from '../../groups/machine'
import { StorageFailure, type Workspace } from '../../storage'
import type { Commits, Uncommitted } from '../commits'
import type { Configs } from '../config/configs'
import type { Topics } from '../log/topics'
import { type Refusal, refusal } from '../refusal'
import { frameOf, type GroupFrame } from './frame'
import { journalEntry } from './journal'
import { type CommittedOffset, GroupOffsets } from './offsets'
import { OffsetsTopic, partitionOf } from './offsets-topic'
import { type GroupView, viewOfClassic, viewOfConsumer } from './view'

const groupKind = 'group'

/** A group in memory, and what is remembered of it between steps. */
interface Held {
  group: AnyGroup
  view: GroupView
  /** Of the newest frame. */
  seq: number
  /** Since when it has no members; offsets of an empty group expire. */
  emptySince: Millis | null
}

interface Waiting {
  readonly groupId: string
  readonly resolve: (reply: AnyReply) => void
  readonly reject: (error: unknown) => void
}

/** A topic of a commit: named, or by its id from the versions on that know ids. */
interface WantedTopic {
  readonly name: string
  readonly topicId?: Uuid
  readonly partitions: readonly { readonly partitionIndex: number }[]
}

interface GroupsParts {
  readonly workspace: Workspace
  readonly commits: Commits
  readonly configs: Configs
  readonly topics: Topics
  readonly clock: Clock
  readonly log: Log
  readonly onError: (error: unknown) => void
}

/**
 * The group coordinator: turns requests into events, steps the machines, stores what they want stored in the group commit, answers
 * tickets, keeps one timer, and publishes each change as a frame. The decisions are the machines' alone.
 */
export class Groups implements Uncommitted {
  readonly offsets: GroupOffsets
  /** Every change of every group, in order, when it is decided. */
  readonly framed: Listen<GroupFrame>
  readonly #parts: GroupsParts
  readonly #held = new Map<string, Held>()
  readonly #waiting = new Map<Ticket, Waiting>()
  readonly #frames: Emitter<GroupFrame>
  readonly #unsaved = new Set<string>()
  readonly #topic: OffsetsTopic
  #lastTicket = 0
  #world: World | undefined
  #wakeAt: Millis | undefined
  #cancelTimer: (() => void) | undefined

  constructor(parts: GroupsParts) {
    this.#parts = parts
    this.#topic = new OffsetsTopic(parts)
    this.offsets = new GroupOffsets(parts.workspace, parts.commits, this.#topic, parts.onError)
    this.#frames = new Emitter(parts.onError)
    this.framed = this.#frames.listen
    for (const { key, value } of parts.workspace.documents.list(groupKind)) this.#restore(key, value)
    // A group whose offsets outlived it, or that only ever committed.
    for (const groupId of this.offsets.groupIds()) if (!this.#held.has(groupId)) this.#create(groupId)
    parts.topics.changed(() => this.#topicsChanged())
  }

  /** Everyone's view of a group. */
  find(groupId: string): GroupView | undefined {
    return this.#held.get(groupId)?.view
  }

  list(): GroupView[] {
    return [...this.#held.values()].map(({ view }) => view)
  }

  /** The value itself, where it is a group of the classic protocol. */
  classic(groupId: string): ClassicGroup | undefined {
    const group = this.#held.get(groupId)?.group
    return group?.type === 'classic' ? group.value : undefined
  }

  /** The value itself, where it is a group of the consumer protocol. */
  consumer(groupId: string): ConsumerGroup | undefined {
    const group = this.#held.get(groupId)?.group
    return group?.type === 'consumer' ? group.value : undefined
  }

  consumerSettings(groupId: string): ConsumerSettings {
    const { configs } = this.#parts
    return {
      sessionTimeoutMs: configs.groupNumber(groupId, 'consumer.session.timeout.ms'),
      heartbeatIntervalMs: configs.groupNumber(groupId, 'consumer.heartbeat.interval.ms'),
      maxSize: configs.brokerNumber('group.consumer.max.size'),
    }
  }

  /** All topics as the assignors see them; made anew when topics change. */
  world(): World {
    this.#world ??= new Map(
      this.#parts.topics
        .all()
        .map(({ id: topicId, name, partitionCount: partitions, internal }) => [
          name,
          { topicId, name, partitions, internal },
        ]),
    )
    return this.#world
  }

  emptySince(groupId: string): Millis | null {
    return this.#held.get(groupId)?.emptySince ?? null
  }

  settings(): ClassicSettings {
    const { configs } = this.#parts
    return {
      initialDelayMs: configs.brokerNumber('group.initial.rebalance.delay.ms'),
      minSessionTimeoutMs: configs.brokerNumber('group.min.session.timeout.ms'),
      maxSessionTimeoutMs: configs.brokerNumber('group.max.session.timeout.ms'),
      maxSize: configs.brokerNumber('group.max.size'),
    }
  }

  /**
   * Puts a request to a group's machine. `undefined` when there is no such group and the request makes none. Resolves when the
   * machine answers, after what it wanted stored is stored; rejects with StorageFailure when that fails.
   */
  ask<R extends AnyReply>(
    groupId: string,
    event: (ticket: Ticket) => AnyEvent,
    { creates = false }: { readonly creates?: boolean } = {},
  ): Promise<R> | undefined {
    const isNew = !this.#held.has(groupId)
    if (isNew) {
      if (!creates) return undefined
      this.#create(groupId)
    }
    const ticket = ++this.#lastTicket
    return new Promise<R>((resolve, reject) => {
      this.#waiting.set(ticket, { groupId, resolve: resolve as (reply: AnyReply) => void, reject })
      this.#step(groupId, event(ticket))
      // Who was refused made no group.
      if (isNew && this.#held.get(groupId)?.seq === 0) this.#held.delete(groupId)
    })
  }

  /**
   * Fences the group: removes all members and ends the epoch, so that stale commits fail and the members join again. It is stored when
   * `commits.settled` resolves.
   */
  fence(groupId: string, cause: Cause): void {
    if (this.#held.has(groupId)) this.#step(groupId, { kind: 'fence', cause })
  }

  /** Puts one member out, as Kafka's Admin.removeMembersFromConsumerGroup. Resolves when that is stored. */
  async remove(groupId: string, memberId: string, reason: string): Promise<LeaveReply['members'][number]['error']> {
    const members = [{ memberId, groupInstanceId: null, reason }]
    const reply = await this.ask<LeaveReply>(groupId, (ticket) => ({ kind: 'leave', ticket, members }))
    return reply?.members[0]?.error ?? 'UNKNOWN_MEMBER_ID'
  }

  /** Why a commit is refused, or `undefined`. A commit from nobody in particular makes a group; a member's is a sign of life. */
  commitProblem(
    request: {
      readonly groupId: string
      readonly memberId: string
      readonly groupInstanceId: string | null
      readonly generationIdOrMemberEpoch: number
      readonly topics: readonly WantedTopic[]
    },
    version: number,
    isTransactional = false,
  ) {
    const { groupId, memberId, groupInstanceId, generationIdOrMemberEpoch: generationId } = request
    if (groupId === '' && version >= 9) return 'INVALID_GROUP_ID' as const
    const held = this.#held.get(groupId)
    if (!held) {
      if (generationId < 0) {
        this.#create(groupId)
        return undefined
      }
      return version >= 9 ? ('GROUP_ID_NOT_FOUND' as const) : ('ILLEGAL_GENERATION' as const)
    }
    if (held.group.type === 'consumer') {
      const by: CommitBy = {
        memberId,
        groupInstanceId,
        memberEpoch: generationId,
        isTransactional,
        apiVersion: version,
        partitions: this.#partitionsOf(request.topics),
      }
      return consumerCommitProblem(held.group.value, by)
    }
    const committer: Committer = { memberId, groupInstanceId, generationId, isTransactional }
    const problem = commitProblem(held.group.value, committer)
    if (!problem && memberId !== '') this.#step(groupId, { kind: 'heard', memberId })
    return problem
  }

  /** The partition of `__consumer_offsets` that a group belongs to: `__consumer_offsets:12` (GroupCoordinator.partitionFor). */
  offsetsPartition(groupId: string): string {
    const partitions = this.#parts.configs.brokerNumber('offsets.topic.num.partitions')
    return `__consumer_offsets:${partitionOf(groupId, partitions)}`
  }

  /** @throws StorageFailure */
  commitOffsets(groupId: string, rows: readonly CommittedOffset[]): void {
    this.offsets.set(groupId, rows)
  }

  /** Why offsets may not be read (GroupMetadataManager.validateOffsetFetch). Members of classic groups are not checked. */
  fetchProblem(groupId: string, memberId: string | null, memberEpoch: number) {
    const group = this.consumer(groupId)
    return group && consumerFetchProblem(group, memberId, memberEpoch)
  }

  /** Why offsets of a group may not be deleted (ClassicGroup.validateOffsetDelete). */
  deleteOffsetsProblem(groupId: string): 'GROUP_ID_NOT_FOUND' | 'NON_EMPTY_GROUP' | undefined {
    const held = this.#held.get(groupId)
    if (!held) return 'GROUP_ID_NOT_FOUND'
    const { state, protocolType } = held.view
    return state === 'Empty' || protocolType === 'consumer' ? undefined : 'NON_EMPTY_GROUP'
  }

  isSubscribed(groupId: string, topic: string): boolean {
    return this.#held.get(groupId)?.view.members.some(({ subscribed }) => subscribed.includes(topic)) ?? false
  }

  /** Removes an empty group and its offsets (GroupMetadataManager.validateDeleteGroup). @throws StorageFailure */
  delete(groupId: string): Refusal {
    const held = this.#held.get(groupId)
    if (!held) return refusal('GROUP_ID_NOT_FOUND', `Group ${groupId} not found.`)
    if (held.view.state !== 'Empty') return refusal('NON_EMPTY_GROUP', 'The group is not empty.')
    const { workspace, clock } = this.#parts
    this.offsets.removeGroup(groupId, clock.now())
    workspace.write(() => {
      workspace.documents.set(groupKind, groupId, null)
      workspace.journal.removeGroup(groupId)
    })
    this.#topic.grouped(groupId, null)
    this.#held.delete(groupId)
    this.#touch(groupId)
    return refusal('NONE')
  }

  /**
   * Drops offsets that nobody needs any more (OffsetMetadataManager.cleanupExpiredOffsets): of groups that were empty for
   * `offsets.retention.minutes`, each by its own age where nobody ever joined; a group without any is dropped too.
   *
   * @throws StorageFailure
   */
  expireOffsets(): void {
    const { clock, configs } = this.#parts
    const now = clock.now()
    const retentionMs = configs.brokerNumber('offsets.retention.minutes') * 60_000
    for (const [groupId, { view, emptySince, group }] of [...this.#held]) {
      if (!isEmpty(group) || this.offsets.hasPending(groupId)) continue
      const isExpired = ({ committedAt, expiresAt }: CommittedOffset) => {
        if (expiresAt !== null) return now >= expiresAt
        const since = view.protocolType === '' ? committedAt : Math.max(committedAt, emptySince ?? now)
        return now - since >= retentionMs
      }
      const gone = this.offsets.of(groupId).filter(isExpired)
      if (gone.length > 0) this.offsets.remove(groupId, gone, now)
      if (!this.offsets.has(groupId) && now - (emptySince ?? now) >= retentionMs) this.delete(groupId)
    }
  }

  committed(): void {
    this.#unsaved.clear()
  }

  /** What was decided is not stored: the groups are again what they were stored as, and whoever waited for them is told. */
  rolledBack(): void {
    const lost = new Set(this.#unsaved)
    this.#unsaved.clear()
    this.offsets.rolledBack()
    for (const groupId of lost) {
      this.#held.delete(groupId)
      const stored = this.#parts.workspace.documents.get(groupKind, groupId)
      if (stored !== undefined) this.#restore(groupId, stored)
      else if (this.offsets.has(groupId)) this.#create(groupId)
    }
    for (const [ticket, { groupId, reject }] of this.#waiting) {
      if (!lost.has(groupId)) continue
      this.#waiting.delete(ticket)
      reject(new StorageFailure('the group could not be stored'))
    }
  }

  dispose(): void {
    this.#cancelTimer?.()
  }

  /** A group begins as an empty classic one; the first to join makes it one of its own protocol. */
  #create(groupId: string): void {
    const group: AnyGroup = { type: 'classic', value: emptyGroup(groupId) }
    const { clock, workspace } = this.#parts
    const seq = workspace.journal.lastSeq(groupId)
    this.#held.set(groupId, { group, view: this.#view(group), seq, emptySince: clock.now() })
  }

  #view(group: AnyGroup): GroupView {
    if (group.type === 'classic') return viewOfClassic(group.value)
    const { topics } = this.#parts
    return viewOfConsumer(group.value, (topicId) => topics.byId(topicId)?.name ?? topicId)
  }

  #restore(groupId: string, value: string): void {
    const { clock, workspace } = this.#parts
    const { group: stored, emptySince } = JSON.parse(value) as Pick<Held, 'group' | 'emptySince'>
    const group = revive(stored, clock.now())
    this.#held.set(groupId, { group, view: this.#view(group), seq: workspace.journal.lastSeq(groupId), emptySince })
    this.#arm(group)
  }

  #step(groupId: string, event: AnyEvent): void {
    const held = this.#held.get(groupId)
    if (!held) return
    const at = this.#parts.clock.now()
    const { group, effects, causes } = step(held.group, event, at, this.#surroundings())
    held.group = group
    if (causes.length > 0) this.#publish(held, at, causes, event)
    this.#obey(groupId, held, effects, at)
    this.#arm(group)
  }

  #partitionsOf(wanted: readonly WantedTopic[]): Partitions {
    return Object.fromEntries(
      wanted.flatMap(({ name, topicId, partitions }) => {
        const id = topicId && topicId !== zeroUuid ? topicId : this.#parts.topics.find(name)?.id
        return id ? [[id, partitions.map(({ partitionIndex }) => partitionIndex)]] : []
      }),
    )
  }

  #surroundings(): Surroundings {
    const { configs } = this.#parts
    return {
      world: this.world(),
      migration: configs.broker('group.consumer.migration.policy') as MigrationPolicy,
      classicMaxSize: configs.brokerNumber('group.max.size'),
      consumerMaxSize: configs.brokerNumber('group.consumer.max.size'),
    }
  }

  #obey(groupId: string, held: Held, effects: readonly Effect<AnyReply>[], at: Millis): void {
    let stored: Promise<void> | undefined
    if (effects.some(({ kind }) => kind === 'save')) {
      held.emptySince = isEmpty(held.group) ? (held.emptySince ?? at) : null
      try {
        this.#save(groupId, held)
      } catch (error) {
        if (!(error instanceof StorageFailure)) throw error
        this.#touch(groupId)
      }
      stored = this.#parts.commits.settled
    }
    for (const effect of effects) {
      if (effect.kind !== 'reply') continue
      const waiting = this.#waiting.get(effect.ticket)
      if (!waiting) continue
      if (!stored) this.#waiting.delete(effect.ticket)
      if (!stored) waiting.resolve(effect.reply)
      else {
        // When the commit fails, `rolledBack` has answered before.
        stored.then(
          () => {
            this.#waiting.delete(effect.ticket)
            waiting.resolve(effect.reply)
          },
          () => {},
        )
      }
    }
  }

  /** @throws StorageFailure */
  #save(groupId: string, { group, emptySince }: Held): void {
    const { workspace } = this.#parts
    workspace.write(() => workspace.documents.set(groupKind, groupId, JSON.stringify({ group, emptySince })))
    if (group.type === 'classic') this.#topic.grouped(groupId, group.value)
    this.#touch(groupId)
  }

  #topicsChanged(): void {
    this.#world = undefined
    for (const [groupId, { group }] of this.#held) {
      if (group.type === 'consumer') this.#step(groupId, { kind: 'topicsChanged', world: this.world() })
    }
  }

  #touch(groupId: string): void {
    this.#unsaved.add(groupId)
    this.#parts.commits.touch(this)
  }

  #publish(held: Held, at: Millis, causes: readonly Cause[], event: AnyEvent): void {
    const { workspace, log } = this.#parts
    const after = this.#view(held.group)
    const frame = frameOf(++held.seq, at, causes, event, held.seq === 1 ? undefined : held.view, after)
    const entry = journalEntry(frame, event, held.view.type, held.group, this.#surroundings())
    held.view = after
    try {
      const { boundary, epoch, kind } = frame
      const facts = boundary && { boundary, epoch, kind, causes: JSON.stringify(causes) }
      workspace.write(() => workspace.journal.add(after.groupId, frame.seq, at, JSON.stringify(entry), facts))
    } catch (error) {
      // The journal is for people: a group goes on without it while the file cannot be written.
      if (!(error instanceof StorageFailure)) throw error
      log.debug(`A step of group ${after.groupId} is missing in its journal: ${error.message}`)
    }
    this.#frames.emit(frame)
  }

  /** One timer for all groups: it is set for the earliest deadline that is known, and looks at all of them when it fires. */
  #arm(group: AnyGroup): void {
    const at = wakeAt(group)
    if (at === undefined || (this.#wakeAt !== undefined && this.#wakeAt <= at)) return
    this.#setTimer(at)
  }

  #setTimer(at: Millis): void {
    this.#cancelTimer?.()
    this.#wakeAt = at
    this.#cancelTimer = this.#parts.clock.at(at, () => this.#wake())
  }

  #wake(): void {
    this.#wakeAt = undefined
    this.#cancelTimer = undefined
    const now = this.#parts.clock.now()
    let next: Millis | undefined
    for (const [groupId, held] of this.#held) {
      for (let event = due(held.group, now); event; event = due(held.group, now)) {
        this.#step(groupId, event)
      }
      const at = wakeAt(held.group)
      if (at !== undefined && (next === undefined || at < next)) next = at
    }
    if (next !== undefined) this.#setTimer(next)
  }
}
