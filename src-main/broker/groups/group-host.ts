import type { Clock, Millis } from '../../base/clock'
import { Emitter, type Listen } from '../../base/emitter'
import type { Log } from '../../base/log'
import type { Cause } from '../../groups/causes'
import type { LeaveReply } from '../../groups/classic/events'
import type { ClassicGroup } from '../../groups/classic/group'
import type { ConsumerGroup } from '../../groups/consumer/group'
import type { Group, GroupEvent, GroupReply, GroupType } from '../../groups/group'
import type { Effect, Ticket } from '../../groups/machine'
import { due, emptyOf, graceMs, isEmpty, revive, setBack, step, viewOf, wakeAt } from '../../groups/machines'
import type { ShareEvent } from '../../groups/share/events'
import type { ShareGroup } from '../../groups/share/group'
import type { StreamsGroup } from '../../groups/streams/group'
import type { GroupView } from '../../groups/view'
import { StorageFailure, type Workspace } from '../../storage'
import type { Commits, Uncommitted } from '../commits'
import type { Configs } from '../config/configs'
import { type Deadline, Deadlines } from '../deadlines'
import { type KafkaFailure, kafkaFailure } from '../kafka-failure'
import type { Topics } from '../log/topics'
import type { SharePartitions } from '../share/share-partitions'
import { frameOf, type GroupFrame } from './frame'
import { GroupSettings } from './group-settings'
import { journalEntry } from './journal'
import { type CommittedOffset, GroupOffsets } from './offsets'
import { OffsetsTopic } from './offsets-topic'
import { PatternResolver } from './pattern-resolver'
import { refusalOf, ToldRefusals } from './refusals'

export type { GroupView } from '../../groups/view'

const groupKind = 'group'

/** A group in memory, and what the host remembers of it between steps. */
interface GroupEntry {
  group: Group
  view: GroupView
  /** Of the newest frame. */
  seq: number
  /** The time since which it has no members; offsets of an empty group expire. */
  emptySince: Millis | null
  readonly refusals: ToldRefusals
}

interface Waiting {
  readonly groupId: string
  readonly resolve: (reply: GroupReply) => void
  readonly reject: (error: unknown) => void
}

interface GroupHostParts {
  readonly workspace: Workspace
  readonly commits: Commits
  readonly configs: Configs
  readonly topics: Topics
  readonly clock: Clock
  readonly log: Log
  /** The deliveries of share groups: they begin and end with their group. */
  readonly sharePartitions: SharePartitions
  readonly onError: (error: unknown) => void
}

/**
 * The group coordinator: turns requests into events, steps the machines, stores groups in the group commit, replies to requests, watches
 * deadlines, and publishes each change as a frame. All decisions are made in the machines.
 */
export class GroupHost implements Uncommitted {
  readonly offsets: GroupOffsets
  readonly settings: GroupSettings
  readonly patterns: PatternResolver
  /** Every change of every group, in order, before it is stored. */
  readonly framed: Listen<GroupFrame>
  readonly #parts: GroupHostParts
  readonly #entries = new Map<string, GroupEntry>()
  readonly #waiting = new Map<Ticket, Waiting>()
  readonly #frames: Emitter<GroupFrame>
  #unsaved = new Set<string>()
  readonly #topic: OffsetsTopic
  readonly #deadlines: Deadlines
  #lastTicket = 0

  constructor(parts: GroupHostParts) {
    this.#parts = parts
    this.#topic = new OffsetsTopic(parts)
    this.settings = new GroupSettings(parts.configs, parts.topics)
    this.patterns = new PatternResolver({
      clock: parts.clock,
      topicNames: () => parts.topics.all().map(({ name }) => name),
      group: (groupId) => this.consumer(groupId),
      resolved: (groupId, memberId, resolved) => this.#step(groupId, { kind: 'patternsResolved', memberId, resolved }),
    })
    this.#deadlines = new Deadlines({
      clock: parts.clock,
      list: () => this.#deadlinesOf(),
      expire: (groupId, now) => this.#expire(groupId, now),
      setBack: (now) => this.#setBack(now),
    })
    this.offsets = new GroupOffsets(parts.workspace, parts.commits, this.#topic, parts.onError)
    this.#frames = new Emitter(parts.onError)
    this.framed = this.#frames.listen
    for (const { key, value } of parts.workspace.documents.list(groupKind)) this.#restore(key, value)
    // Groups that exist by their offsets alone.
    for (const groupId of this.offsets.groupIds()) if (!this.#entries.has(groupId)) this.#create(groupId)
    for (const [groupId, entry] of this.#entries) this.#noteRestart(groupId, entry)
    parts.topics.changed(({ kind }) => {
      if (kind === 'created') this.patterns.topicCreated()
      this.#topicsChanged()
    })
  }

  /** A group as pages see it. */
  find(groupId: string): GroupView | undefined {
    return this.#entries.get(groupId)?.view
  }

  list(): GroupView[] {
    return [...this.#entries.values()].map(({ view }) => view)
  }

  ids(): IterableIterator<string> {
    return this.#entries.keys()
  }

  value(groupId: string): Group | undefined {
    return this.#entries.get(groupId)?.group
  }

  /** `undefined` when it is not a classic group. */
  classic(groupId: string): ClassicGroup | undefined {
    const group = this.value(groupId)
    return group?.type === 'classic' ? group.value : undefined
  }

  /** `undefined` when it is not a consumer group. */
  consumer(groupId: string): ConsumerGroup | undefined {
    const group = this.value(groupId)
    return group?.type === 'consumer' ? group.value : undefined
  }

  /** `undefined` when it is not a share group. */
  share(groupId: string): ShareGroup | undefined {
    const group = this.value(groupId)
    return group?.type === 'share' ? group.value : undefined
  }

  /** `undefined` when it is not a streams group. */
  streams(groupId: string): StreamsGroup | undefined {
    const group = this.value(groupId)
    return group?.type === 'streams' ? group.value : undefined
  }

  /** `null` while it has members. */
  emptySince(groupId: string): Millis | null {
    return this.#entries.get(groupId)?.emptySince ?? null
  }

  /**
   * Sends a request to a group's machine; `undefined` when there is no such group and the request makes none. Resolves with the reply,
   * after the group is stored when the machine asked for that; rejects with StorageFailure when it cannot be.
   */
  ask<R extends GroupReply>(
    groupId: string,
    event: (ticket: Ticket) => GroupEvent,
    { creates = null }: { readonly creates?: GroupType | null } = {},
  ): Promise<R> | undefined {
    const isNew = !this.#entries.has(groupId)
    if (isNew) {
      if (creates === null) return undefined
      this.#create(groupId, creates)
    }
    const ticket = ++this.#lastTicket
    return new Promise<R>((resolve, reject) => {
      this.#waiting.set(ticket, { groupId, resolve: resolve as (reply: GroupReply) => void, reject })
      this.#step(groupId, event(ticket))
      // A request that was rejected makes no group.
      if (isNew && this.#entries.get(groupId)?.seq === 0) this.#entries.delete(groupId)
    })
  }

  /**
   * Fences the group: removes all members and ends the epoch, so that stale commits fail and the members join again. It is stored when
   * `commits.settled` resolves.
   */
  fence(groupId: string, cause: Cause): void {
    if (this.#entries.has(groupId)) this.#step(groupId, { kind: 'fence', cause })
  }

  /** Removes one member, as Kafka's Admin.removeMembersFromConsumerGroup. Resolves when that is stored. */
  async remove(groupId: string, memberId: string, reason: string): Promise<LeaveReply['members'][number]['error']> {
    const members = [{ memberId, groupInstanceId: null, reason }]
    const reply = await this.ask<LeaveReply>(groupId, (ticket) => ({ kind: 'leave', ticket, members }))
    return reply?.members[0]?.error ?? 'UNKNOWN_MEMBER_ID'
  }

  /** Tells a share group what an administrator did to its offsets; a group that does not exist is made. */
  shareChanged(groupId: string, event: ShareEvent): void {
    if (!this.#entries.has(groupId)) this.#create(groupId, 'share')
    this.#step(groupId, event)
  }

  /** The internal topics of a streams group were created, or why they could not be. It is kept in memory alone. */
  internalTopicsTried(groupId: string, reason: string | null): void {
    this.#step(groupId, { kind: 'internalTopicsTried', reason })
  }

  /** A member of a classic group committed offsets: that counts as a heartbeat. */
  heard(groupId: string, memberId: string): void {
    this.#step(groupId, { kind: 'heard', memberId })
  }

  /** Stores offsets; a group that does not exist is made. @throws StorageFailure */
  commitOffsets(groupId: string, rows: readonly CommittedOffset[]): void {
    this.offsets.set(groupId, rows)
    this.#ensure(groupId)
  }

  /** Stores offsets until their transaction ends; a group that does not exist is made. @throws StorageFailure */
  commitPendingOffsets(groupId: string, producerId: bigint, rows: readonly CommittedOffset[]): void {
    this.offsets.addPending(groupId, producerId, rows)
    this.#ensure(groupId)
  }

  /** The error of a group whose offsets may not be deleted (ClassicGroup.validateOffsetDelete, and StreamsGroup's). */
  deleteOffsetsProblem(groupId: string): 'GROUP_ID_NOT_FOUND' | 'NON_EMPTY_GROUP' | undefined {
    const entry = this.#entries.get(groupId)
    // A share group has no committed offsets: it is none of those that Kafka looks among.
    if (!entry || entry.view.type === 'share') return 'GROUP_ID_NOT_FOUND'
    const { state, protocolType, type } = entry.view
    return state === 'Empty' || protocolType === 'consumer' || type === 'streams' ? undefined : 'NON_EMPTY_GROUP'
  }

  isSubscribed(groupId: string, topic: string): boolean {
    return this.#entries.get(groupId)?.view.members.some(({ subscribed }) => subscribed.includes(topic)) ?? false
  }

  /** Removes an empty group and its offsets (GroupMetadataManager.validateDeleteGroup). @throws StorageFailure */
  delete(groupId: string): KafkaFailure {
    const entry = this.#entries.get(groupId)
    if (!entry) return kafkaFailure('GROUP_ID_NOT_FOUND', `Group ${groupId} not found.`)
    if (entry.view.state !== 'Empty') return kafkaFailure('NON_EMPTY_GROUP', 'The group is not empty.')
    const { workspace, clock } = this.#parts
    this.offsets.removeGroup(groupId, clock.now())
    this.#parts.sharePartitions.delete(groupId)
    workspace.write(() => {
      workspace.documents.set(groupKind, groupId, null)
      workspace.journal.removeGroup(groupId)
    })
    this.#topic.grouped(groupId, null)
    this.#entries.delete(groupId)
    this.patterns.forget(groupId)
    this.#touch(groupId)
    return kafkaFailure('NONE')
  }

  committed(): void {
    this.#unsaved = new Set()
  }

  /** The turn was not stored: groups return to what the file has, and requests that waited for them fail. */
  rolledBack(): void {
    const lost = this.#unsaved
    this.#unsaved = new Set()
    this.offsets.rolledBack()
    for (const groupId of lost) {
      this.#entries.delete(groupId)
      const stored = this.#parts.workspace.documents.get(groupKind, groupId)
      if (stored !== undefined) this.#restore(groupId, stored)
      else if (this.offsets.has(groupId) || this.offsets.hasPending(groupId)) this.#create(groupId)
    }
    for (const [ticket, { groupId, reject }] of this.#waiting) {
      if (!lost.has(groupId)) continue
      this.#waiting.delete(ticket)
      reject(new StorageFailure('the group could not be stored'))
    }
  }

  dispose(): void {
    this.#deadlines.dispose()
    this.patterns.dispose()
  }

  /** A consumer group starts as an empty classic one; the first member that joins decides its type. */
  #create(groupId: string, type: GroupType = 'classic'): void {
    const group: Group = emptyOf(type, groupId)
    const { clock, workspace } = this.#parts
    const seq = workspace.journal.lastSeq(groupId)
    const refusals = new ToldRefusals()
    this.#entries.set(groupId, { group, view: this.#view(group), seq, emptySince: clock.now(), refusals })
  }

  /** A group that exists by its offsets alone. */
  #ensure(groupId: string): void {
    if (this.#entries.has(groupId)) return
    this.#create(groupId)
    this.#touch(groupId)
  }

  #view(group: Group): GroupView {
    const { topics } = this.#parts
    return viewOf(group, (topicId) => topics.byId(topicId)?.name ?? topicId)
  }

  #restore(groupId: string, value: string): void {
    const { clock, workspace } = this.#parts
    const { group: stored, emptySince } = JSON.parse(value) as Pick<GroupEntry, 'group' | 'emptySince'>
    const group = revive(stored, clock.now())
    const seq = workspace.journal.lastSeq(groupId)
    this.#entries.set(groupId, { group, view: this.#view(group), seq, emptySince, refusals: new ToldRefusals() })
    this.#arm(group)
  }

  #step(groupId: string, event: GroupEvent): void {
    const entry = this.#entries.get(groupId)
    if (!entry) return
    const at = this.#parts.clock.now()
    const { group, effects, causes } = step(entry.group, event, at, this.settings.context())
    const before = entry.group
    entry.group = group
    if (causes.length > 0) this.#publish(entry, at, causes, event)
    else this.#noteRefusal(entry, at, refusalOf(event, effects))
    this.#obey(groupId, entry, before, effects, at)
    this.#arm(group)
  }

  /** [S7] Deliveries of partitions that a share group has not known: its first topics by the reset policy, later partitions from 0. */
  #initialize(before: Group, { groupId, groupEpoch, initialized }: ShareGroup): void {
    const known = before.type === 'share' ? before.value.initialized : {}
    if (known === initialized) return
    const { sharePartitions } = this.#parts
    for (const [topicId, numbers] of Object.entries(initialized)) {
      if (known[topicId] === numbers) continue
      const others = known[topicId] && new Set(known[topicId])
      for (const partition of numbers) {
        if (others?.has(partition) || sharePartitions.has(groupId, topicId, partition)) continue
        sharePartitions.initialize(groupId, topicId, partition, groupEpoch, others === undefined ? -1 : 0)
      }
    }
  }

  #obey(groupId: string, entry: GroupEntry, before: Group, effects: readonly Effect<GroupReply>[], at: Millis): void {
    let stored: Promise<void> | undefined
    if (effects.some(({ kind }) => kind === 'save')) {
      entry.emptySince = isEmpty(entry.group) ? (entry.emptySince ?? at) : null
      try {
        if (entry.group.type === 'share') this.#initialize(before, entry.group.value)
        this.#save(groupId, entry)
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
  #save(groupId: string, { group, emptySince }: GroupEntry): void {
    const { workspace } = this.#parts
    workspace.write(() => workspace.documents.set(groupKind, groupId, JSON.stringify({ group, emptySince })))
    if (group.type === 'classic') this.#topic.grouped(groupId, group.value)
    this.#touch(groupId)
  }

  #topicsChanged(): void {
    this.settings.topicsChanged()
    for (const groupId of this.#entries.keys()) this.#step(groupId, { kind: 'topicsChanged' })
  }

  #touch(groupId: string): void {
    this.#unsaved.add(groupId)
    this.#parts.commits.touch(this)
  }

  /** Adds to the journal what happened in a group without a step of it. A group without steps has no notes. */
  note(groupId: string, causes: readonly Cause[]): void {
    const entry = this.#entries.get(groupId)
    if (entry && entry.seq > 0) this.#publish(entry, this.#parts.clock.now(), causes, null)
  }

  /** A request that is refused makes no group, so it is not told of one without steps. */
  #noteRefusal(entry: GroupEntry, at: Millis, refusal: Extract<Cause, { kind: 'refused' }> | undefined): void {
    if (refusal && entry.seq > 0 && entry.refusals.isNew(refusal, at)) this.#publish(entry, at, [refusal], null)
  }

  /** Members that the broker finds again when it is started could not be heard meanwhile. */
  #noteRestart(groupId: string, entry: GroupEntry): void {
    const { clock, workspace } = this.#parts
    if (isEmpty(entry.group)) return
    const at = clock.now()
    const committedAt = this.offsets.of(groupId).reduce((last, row) => Math.max(last, row.committedAt), 0)
    const aliveAt = Math.max(workspace.journal.lastAt(groupId) ?? 0, committedAt)
    if (aliveAt === 0) return
    this.#publish(entry, at, [{ kind: 'brokerRestarted', downMs: Math.max(0, at - aliveAt) }], null, true)
  }

  /** @param event `null`: a note, which is no step of the group */
  #publish(
    entry: GroupEntry,
    at: Millis,
    causes: readonly Cause[],
    event: GroupEvent | null,
    isWhole = entry.seq === 0,
  ): void {
    const { workspace, log } = this.#parts
    const after = this.#view(entry.group)
    const frame = frameOf(++entry.seq, at, causes, event, isWhole ? undefined : entry.view, after)
    const record = journalEntry(frame, event, entry.view.type, entry.group, this.settings.context())
    entry.view = after
    try {
      const { boundary, epoch, kind } = frame
      const facts = boundary && { boundary, epoch, kind, causes: JSON.stringify(causes) }
      workspace.write(() => workspace.journal.add(after.groupId, frame.seq, at, JSON.stringify(record), facts))
    } catch (error) {
      // A group works without its journal while the file cannot be written.
      if (!(error instanceof StorageFailure)) throw error
      log.debug(`One step of group ${after.groupId} is missing from its journal: ${error.message}`)
    }
    this.#frames.emit(frame)
  }

  #arm(group: Group): void {
    const at = wakeAt(group)
    if (at !== undefined) this.#deadlines.arm(at)
  }

  *#deadlinesOf(): Generator<Deadline> {
    for (const [key, { group }] of this.#entries) {
      const at = wakeAt(group)
      if (at !== undefined) yield { key, at, graceMs: graceMs(group) }
    }
  }

  /** Deadlines are not stored for a restart, so nothing is written. */
  #setBack(now: Millis): void {
    for (const entry of this.#entries.values()) {
      entry.group = setBack(entry.group, now)
      if (entry.emptySince !== null) entry.emptySince = Math.min(entry.emptySince, now)
    }
  }

  #expire(groupId: string, now: Millis): void {
    const entry = this.#entries.get(groupId)
    if (!entry) return
    for (let event = due(entry.group, now); event; event = due(entry.group, now)) this.#step(groupId, event)
  }
}
