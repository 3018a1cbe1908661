import type { Handlers } from '../../contract/server'
import { changedLists } from '../changed-lists'
import type { Parts } from '../parts'
import type { Resends } from '../resend/resends'
import { analyse } from './analysis'
import { cloneTopic, recreateTopic } from './clone'
import { topicsImpact } from './impact'
import { isSameName, topicNames } from './names'
import { isSameTopicGroup, offsetsAt, partitionLines, topicGroups, topicLines } from './topics'

type Subject = Pick<
  Handlers,
  | 'topics'
  | 'topics.names'
  | 'topic.groups'
  | 'topic.partitions'
  | 'topic.configs'
  | 'topic.alter'
  | 'topic.create'
  | 'topic.clone'
  | 'topic.recreate'
  | 'topic.analysis'
  | 'topic.grow'
  | 'topic.offsetsAt'
  | 'topic.deleteRecords'
  | 'topics.impact'
  | 'topics.delete'
  | 'topics.purge'
>

/**
 * How a question about topics travels: the page opens the feed `topics`; a change of a topic (`source.topics.changed`) or a beat asks the
 * source for the topics, in bulk for their logs, their cleanup policy and the lag of all groups, and `topics.ts` makes lines of it.
 * A page that needs only names opens `topics.names`, which measures nothing; one that shows the groups of a topic `topic.groups`.
 * Writes go straight to the source, which checks them by Kafka's rules, waits until they are stored, and rejects with a sentence.
 */
export function topicHandlers({ source, clock, pulse, live }: Parts, resends: Resends): Subject {
  const { topics } = source
  return {
    topics: (_, outlet) =>
      live(outlet, () => topicLines(source, pulse, clock.now()), [
        pulse.trafficBeat,
        topics.changed,
        topics.configsChanged,
      ]),
    'topics.names': (_, outlet) =>
      live(changedLists(outlet, isSameName), () => topicNames(source), [
        topics.changed,
        // Only somebody who asks makes a polled source notice what changed.
        ...(source.isPolled ? [pulse.beat] : []),
      ]),
    'topic.groups': ({ topic }, outlet) =>
      live(changedLists(outlet, isSameTopicGroup), () => topicGroups(source, topic), [pulse.beat]),
    'topic.partitions': ({ topic }, outlet) =>
      live(outlet, () => partitionLines(source, topic), [pulse.beat, topics.changed]),
    'topic.configs': ({ topic }) => topics.configs(topic),
    'topic.alter': ({ topic, config, value }) => topics.alterConfig(topic, config, value),
    'topic.create': ({ topic, partitions, configs }) => topics.create(topic, partitions, configs),
    'topic.clone': (input) => cloneTopic(source, resends, input),
    'topic.recreate': ({ topic }) => recreateTopic(source, topic),
    'topic.analysis': ({ topic }, outlet) => analyse(source, topic, outlet),
    'topic.grow': ({ topic, partitions }) => topics.addPartitions(topic, partitions),
    'topic.offsetsAt': ({ topic, at }) => offsetsAt(source, topic, at),
    'topic.deleteRecords': ({ topic, before }) => topics.deleteRecords(topic, before),
    'topics.impact': (input) => topicsImpact(source, input.topics),
    'topics.delete': (input) => topics.delete(input.topics),
    'topics.purge': (input) => topics.purge(input.topics),
  }
}
