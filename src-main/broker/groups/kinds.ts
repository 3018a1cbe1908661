import type { Millis } from '../../base/clock'
import type { ClassicEvent, ClassicReply } from '../../groups/classic/events'
import type { ClassicGroup } from '../../groups/classic/group'
import { classicMachine, restored } from '../../groups/classic/machine'
import type { ConsumerEvent, ConsumerReply } from '../../groups/consumer/events'
import { type ConsumerGroup, stateOf } from '../../groups/consumer/group'
import { consumerMachine, restoredConsumerGroup } from '../../groups/consumer/machine'
import type { Step } from '../../groups/machine'

/** A group of either protocol with its machine's name. */
export type AnyGroup =
  | { readonly type: 'classic'; readonly value: ClassicGroup }
  | { readonly type: 'consumer'; readonly value: ConsumerGroup }

export type AnyEvent = ClassicEvent | ConsumerEvent
export type AnyReply = ClassicReply | ConsumerReply

export interface AnyStep extends Omit<Step<unknown, AnyReply>, 'group'> {
  readonly group: AnyGroup
}

/** One step of whichever machine the group belongs to. The caller only sends events of that machine. */
export function step(group: AnyGroup, event: AnyEvent, at: Millis): AnyStep {
  if (group.type === 'classic') {
    const { group: value, ...rest } = classicMachine.step(group.value, event as ClassicEvent, at)
    return { ...rest, group: value === group.value ? group : { type: 'classic', value } }
  }
  const { group: value, ...rest } = consumerMachine.step(group.value, event as ConsumerEvent, at)
  return { ...rest, group: value === group.value ? group : { type: 'consumer', value } }
}

export function wakeAt(group: AnyGroup): Millis | undefined {
  return group.type === 'classic' ? classicMachine.wakeAt(group.value) : consumerMachine.wakeAt(group.value)
}

export function due(group: AnyGroup, at: Millis): AnyEvent | undefined {
  return group.type === 'classic' ? classicMachine.due(group.value, at) : consumerMachine.due(group.value, at)
}

export function isEmpty(group: AnyGroup): boolean {
  return group.type === 'classic' ? group.value.state === 'Empty' : stateOf(group.value) === 'Empty'
}

/** As it is found in the file after a restart. */
export function revive(group: AnyGroup, at: Millis, consumerSessionMs: number): AnyGroup {
  return group.type === 'classic'
    ? { type: 'classic', value: restored(group.value, at) }
    : { type: 'consumer', value: restoredConsumerGroup(group.value, at, consumerSessionMs) }
}
