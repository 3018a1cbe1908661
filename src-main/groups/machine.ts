import type { Millis } from '../base/clock'
import type { Cause } from './causes'
import type { GroupContext } from './context'

/** Number of a request that waits for its reply. The host gives it; a machine replies to it once, in this step or a later one. */
export type Ticket = number

/** Bytes that a machine passes on without reading them, as base64, because states are JSON. */
export type Base64 = string

/** Topic name to sorted partition numbers. */
export type TopicPartitions = Readonly<Record<string, readonly number[]>>

/** An effect of a step: a reply to a request, or the group stored before any reply of this step leaves. There are no others. */
export type Effect<Reply> =
  | { readonly kind: 'reply'; readonly ticket: Ticket; readonly reply: Reply }
  | { readonly kind: 'save' }

/** A deadline that lies no further ahead than `spanMs` from `at`; `null` stays `null`. */
export function within<T extends Millis | null>(deadline: T, at: Millis, spanMs: number): T {
  return deadline === null ? deadline : (Math.min(deadline, at + spanMs) as T)
}

export interface Step<Group, Reply> {
  readonly group: Group
  readonly effects: readonly Effect<Reply>[]
  /** Reasons why the group changed. Empty for a step that changed nothing to be shown, such as a heartbeat: it has no frame. */
  readonly causes: readonly Cause[]
}

/**
 * A group as a value: pure functions over frozen JSON. Deadlines are data in the state. `due` turns the next one that has passed into
 * the event that says so, so that a journal of events (heartbeats left out) replays to the same states.
 */
export interface Machine<Group, Event, Reply, Expiry extends Event> {
  step(group: Group, event: Event, at: Millis, context: GroupContext): Step<Group, Reply>
  /** The smallest deadline held in the state. */
  wakeAt(group: Group): Millis | undefined
  /** The event of one deadline that is not later than `at`. */
  due(group: Group, at: Millis): Expiry | undefined
}
