import type { GroupContext, TopicFacts } from '../../groups/context'
import type { Group, GroupEvent } from '../../groups/group'
import { step } from '../../groups/machines'
import type { GroupFrame } from './frame'

/** A step in the journal: its frame, and what a replay needs: the event (`null` of a note), and in full frames the group after it. */
export interface JournalEntry {
  readonly frame: GroupFrame
  readonly event: GroupEvent | null
  /** Context of a step of a consumer or streams group, with the topics of the group only. */
  readonly context?: StoredContext
  readonly group?: Group
}

type StoredContext = Omit<GroupContext, 'topics'> & {
  readonly topics: readonly (TopicFacts & { readonly internal: boolean })[]
}

/** The entry of a step that led from a group of the type `before` to `group`. */
export function journalEntry(
  frame: GroupFrame,
  event: GroupEvent | null,
  before: Group['type'],
  group: Group,
  { topics, ...rest }: GroupContext,
): JournalEntry {
  const known =
    group.type === 'consumer' || group.type === 'streams'
      ? group.value.topics.flatMap(({ name }) => topics.get(name) ?? [])
      : []
  return {
    frame,
    event,
    ...(hasContext(before) || hasContext(group.type) ? { context: { ...rest, topics: known } } : {}),
    ...(frame.full ? { group } : {}),
  }
}

/** The steps of these groups depend on topics. */
function hasContext(type: Group['type']): boolean {
  return type === 'consumer' || type === 'streams'
}

/**
 * The group that a part of its journal leads to. Heartbeats that changed nothing are not in a journal, so deadlines are not those of the
 * live group; everything else is.
 *
 * @param entries in order; those before the first full frame are skipped
 */
export function replay(entries: readonly JournalEntry[]): Group | undefined {
  let group: Group | undefined
  for (const { frame, event, context, group: stored } of entries) {
    // After a restart the group is as it was stored.
    if (!group || event === null) {
      group = stored ?? group
      continue
    }
    group = step(group, event, frame.at, {
      migration: 'bidirectional',
      classicMaxSize: 0,
      consumerMaxSize: 0,
      ...context,
      topics: new Map((context?.topics ?? []).map((topic) => [topic.name, topic])),
    }).group
  }
  return group
}
