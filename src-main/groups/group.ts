import type { ClassicEvent, ClassicReply } from './classic/events'
import type { ClassicGroup } from './classic/group'
import type { ConsumerEvent, ConsumerReply } from './consumer/events'
import type { ConsumerGroup } from './consumer/group'
import type { Step } from './machine'
import type { ShareEvent, ShareHeartbeatReply } from './share/events'
import type { ShareGroup } from './share/group'
import type { StreamsEvent, StreamsReply } from './streams/events'
import type { StreamsGroup } from './streams/group'

/** The value of a group by its type. A further type is a line here and an entry in machines.ts. */
export interface GroupValues {
  readonly classic: ClassicGroup
  readonly consumer: ConsumerGroup
  readonly share: ShareGroup
  readonly streams: StreamsGroup
}

export type GroupType = keyof GroupValues

export type GroupOf<T extends GroupType> = {
  readonly [K in T]: { readonly type: K; readonly value: GroupValues[K] }
}[T]

/** A group of any type. */
export type Group = GroupOf<GroupType>

export type GroupEvent = ClassicEvent | ConsumerEvent | ShareEvent | StreamsEvent
export type GroupReply = ClassicReply | ConsumerReply | ShareHeartbeatReply | StreamsReply
export type GroupStep = Step<Group, GroupReply>

/** The member that an event is about; `null` for what concerns none in particular. */
export function subjectOf(event: GroupEvent): string | null {
  if (event.kind === 'join') return event.memberId || event.newMemberId
  if (event.kind === 'leave') return event.members.length === 1 ? (event.members[0]?.memberId ?? null) : null
  return 'memberId' in event ? event.memberId : null
}
