import type { Millis } from '../base/clock'
import type { Cause } from './causes'

/** Names a request that waits for its answer. The host gives it; a machine answers it once, in this step or a later one. */
export type Ticket = number

/** Bytes that a machine passes on without reading them, as base64: states are JSON. */
export type Base64 = string

/** Topic name to sorted partition numbers. */
export type TopicPartitions = Readonly<Record<string, readonly number[]>>

/** What a step wants done: answer a request, or have the group stored before any answer of this step leaves. Nothing else. */
export type Effect<Reply> =
  | { readonly kind: 'reply'; readonly ticket: Ticket; readonly reply: Reply }
  | { readonly kind: 'save' }

export interface Step<Group, Reply> {
  readonly group: Group
  readonly effects: readonly Effect<Reply>[]
  /** Why the group changed. Empty when nothing changed that anyone would want to see, such as a heartbeat: then no frame is published. */
  readonly causes: readonly Cause[]
}

/**
 * A group as a value: pure functions over frozen JSON. Deadlines are data in the state. `due` turns the next one that has passed into
 * the event that says so, so that a journal of events (heartbeats left out) replays to the same states.
 */
export interface Machine<Group, Event, Reply> {
  step(group: Group, event: Event, at: Millis): Step<Group, Reply>
  /** The smallest deadline held in the state. */
  wakeAt(group: Group): Millis | undefined
  /** The event of one deadline that is not later than `at`. */
  due(group: Group, at: Millis): Event | undefined
}
