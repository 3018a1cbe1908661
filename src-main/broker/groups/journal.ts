import { type AnyEvent, type AnyGroup, type Surroundings, step } from '../../groups/either'
import type { GroupFrame } from './frame'

/** What the journal keeps beside the frame, so that it can be replayed: the event, and in full frames the state that it led to. */
export interface JournalEntry {
  readonly frame: GroupFrame
  readonly event: AnyEvent
  /** Where a consumer group comes into it: what the step depended on besides, with the topics of the group only. */
  readonly around?: StoredSurroundings
  readonly group?: AnyGroup
}

type StoredSurroundings = Omit<Surroundings, 'world'> & { readonly world: readonly Topic[] }
type Topic = Surroundings['world'] extends ReadonlyMap<string, infer Facts> ? Facts : never

/** The entry of a step that led from a group of the type `before` to `group`. */
export function journalEntry(
  frame: GroupFrame,
  event: AnyEvent,
  before: AnyGroup['type'],
  group: AnyGroup,
  { world, ...rest }: Surroundings,
): JournalEntry {
  const told = 'world' in event ? { ...event, world: undefined } : event
  const topics = group.type === 'consumer' ? group.value.topics.flatMap(({ name }) => world.get(name) ?? []) : []
  return {
    frame,
    event: told as AnyEvent,
    ...(before === 'consumer' || group.type === 'consumer' ? { around: { ...rest, world: topics } } : {}),
    ...(frame.full ? { group } : {}),
  }
}

/**
 * The group that a part of its journal leads to. Heartbeats that changed nothing are not in a journal, so deadlines are not those of the
 * live group; everything else is.
 *
 * @param entries in order; those before the first full frame are passed over
 */
export function replay(entries: readonly JournalEntry[]): AnyGroup | undefined {
  let group: AnyGroup | undefined
  for (const { frame, event, around, group: stored } of entries) {
    if (!group) {
      group = stored
      continue
    }
    const world = new Map((around?.world ?? []).map((topic) => [topic.name, topic]))
    const surroundings = {
      migration: 'bidirectional',
      classicMaxSize: 0,
      consumerMaxSize: 0,
      ...around,
      world,
    } as const
    const whole = 'ticket' in event || event.kind === 'topicsChanged' ? { ...event, world } : event
    group = step(group, whole as AnyEvent, frame.at, surroundings).group
  }
  return group
}
