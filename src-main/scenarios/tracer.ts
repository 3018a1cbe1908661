import type { Millis } from '../base/clock'
import type { Cause } from '../groups/causes'
import { emptyGroup } from '../groups/classic/group'
import { type Partitions, stateOf } from '../groups/consumer/group'
import type { GroupContext, TopicMetadata } from '../groups/context'
import type { Group, GroupEvent, GroupReply, GroupStep } from '../groups/group'
import type { Ticket } from '../groups/machine'
import { step } from '../groups/machines'
import { shareStateOf } from '../groups/share/group'
import { streamsStateOf } from '../groups/streams/group'
import { readAssignment } from '../protocol/embedded/consumer-protocol'

/** Steps a group and writes the trace of a scenario: causes, replies, and the state when it changed. */
export class Tracer {
  group: Group = { type: 'classic', value: emptyGroup('g') }
  now: Millis = 0
  context: GroupContext = {
    topics: new Map(),
    migration: 'bidirectional',
    classicMaxSize: 100,
    consumerMaxSize: 100,
  }
  readonly trace: string[] = []
  readonly #whoOf: (ticket: Ticket) => string

  constructor(whoOf: (ticket: Ticket) => string) {
    this.#whoOf = whoOf
  }

  step(event: GroupEvent): GroupStep {
    const before = stateLine(this.group)
    const done = step(this.group, event, this.now, this.context)
    this.group = done.group
    if (done.causes.length > 0) this.trace.push(`${this.now}: ${causesLine(done.causes)}`)
    for (const effect of done.effects) {
      if (effect.kind === 'reply') this.trace.push(`  ${this.#whoOf(effect.ticket)} <- ${replyLine(effect.reply)}`)
    }
    const after = stateLine(this.group)
    if (after !== before) this.trace.push(`  = ${after}`)
    return done
  }
}

/** The topics of a scenario, with ids made of their names, so that a trace is readable. */
export function metadataOf(topics: Readonly<Record<string, number>>): TopicMetadata {
  return new Map(
    Object.entries(topics).map(([name, partitions]) => [
      name,
      { topicId: `id-${name}`, name, partitions, internal: name.startsWith('__') },
    ]),
  )
}

export function stateLine(group: Group): string {
  if (group.type === 'classic') {
    const { state, generationId, members } = group.value
    const names = members.map(
      ({ memberId, assignment }) => `${shortId(memberId)}:${assignedIn(assignment).join('') || '-'}`,
    )
    return `classic ${state} generation ${generationId} ${names.join(' ')}`.trim()
  }
  if (group.type === 'share') {
    const { groupEpoch, assignmentEpoch, members } = group.value
    const names = members.map(({ memberId, memberEpoch, assigned }) => memberWord(memberId, memberEpoch, assigned))
    return `share ${shareStateOf(group.value)} epoch ${groupEpoch}/${assignmentEpoch} ${names.join(' ')}`.trim()
  }
  if (group.type === 'streams') {
    const { groupEpoch, assignmentEpoch, members } = group.value
    const names = members.map(({ memberId, memberEpoch, assigned }) =>
      memberWord(memberId, memberEpoch, assigned.active),
    )
    return `streams ${streamsStateOf(group.value)} epoch ${groupEpoch}/${assignmentEpoch} ${names.join(' ')}`.trim()
  }
  const { groupEpoch, assignmentEpoch, members } = group.value
  const names = members.map(({ memberId, memberEpoch, assigned, pendingRevocation }) => {
    const gives = numbered(pendingRevocation).join('')
    return `${memberWord(memberId, memberEpoch, assigned)}${gives ? `(-${gives})` : ''}`
  })
  return `consumer ${stateOf(group.value)} epoch ${groupEpoch}/${assignmentEpoch} ${names.join(' ')}`.trim()
}

/** `a@3:t0t1` */
function memberWord(memberId: string, memberEpoch: number, assigned: Partitions): string {
  return `${shortId(memberId)}@${memberEpoch}:${numbered(assigned).join('') || '-'}`
}

function replyLine(reply: GroupReply): string {
  const { api } = reply
  if (api === 'leave') return `leave ${reply.members.map(({ error }) => error).join(',')}`
  if (api === 'heartbeat') return `heartbeat ${reply.error}`
  if (api === 'consumerHeartbeat' || api === 'shareHeartbeat') {
    const { error, memberEpoch, assignment } = reply
    if (error !== 'NONE') return error
    return `epoch ${memberEpoch}${assignment ? ` has ${numbered(assignment).join('') || 'nothing'}` : ''}`
  }
  if (reply.error !== 'NONE') return `${api} ${reply.error}`
  if (api === 'descriptionSent') return 'description stored'
  if (api === 'streamsHeartbeat') {
    const { memberEpoch, tasks } = reply
    return `epoch ${memberEpoch}${tasks ? ` has ${numbered(tasks.active).join('') || 'nothing'}` : ''}`
  }
  if (api === 'sync') return `sync has ${assignedIn(reply.assignment).join('') || 'nothing'}`
  const { generationId, protocolName, leader } = reply
  return `join generation ${generationId} ${protocolName}${leader ? ` leader ${shortId(leader)}` : ''}`
}

/** Causes as scenarios print them: `joined a t; gained a 2`. */
export function causesLine(causes: readonly Cause[]): string {
  return causes.map(({ kind, ...facts }) => [kind, ...Object.entries(facts).flatMap(wordOf)].join(' ')).join('; ')
}

/** One fact of a cause: a member by its short id, `true` by its name; null, false and empty text are left out. */
function wordOf([name, fact]: [string, unknown]): string[] {
  if (fact === null || fact === false || fact === '') return []
  if (fact === true) return [name]
  if (Array.isArray(fact)) return fact.length > 0 ? [fact.flatMap((each) => wordOf([name, each])).join(',')] : []
  if (typeof fact !== 'object') return [name === 'memberId' ? shortId(String(fact)) : String(fact)]
  if ('memberId' in fact) return [shortId(String(fact.memberId))]
  if ('kind' in fact) return [causesLine([fact as Cause])]
  return [Object.entries(fact).flatMap(wordOf).join(':')]
}

/** `a` of `a-1`. */
export function shortId(memberId: string): string {
  return memberId.replace(/-\d+$/, '')
}

/** `t0`, `t1`, ... */
export function numbered(partitions: Partitions): string[] {
  return Object.entries(partitions).flatMap(([topicId, numbers]) =>
    numbers.map((number) => `${topicId.replace(/^id-/, '')}${number}`),
  )
}

/** `t0`, `t1`, ... of an assignment as the leader wrote it; nothing when it is in another format. */
export function assignedIn(assignment: string): string[] {
  if (assignment === '') return []
  try {
    const { assignedPartitions } = readAssignment(Buffer.from(assignment, 'base64'))
    return assignedPartitions.flatMap(({ topic, partitions }) => partitions.map((number) => `${topic}${number}`))
  } catch {
    return []
  }
}
