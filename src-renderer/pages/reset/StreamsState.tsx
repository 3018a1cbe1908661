import { useFeed } from '../../stores/feed'
import { stateTopics } from './state-topics'
import { texts } from './texts'

/** A reset moves offsets alone: an application of Kafka Streams would go on with the state that it computed before. */
export function StreamsState({ groupId }: { readonly groupId: string }) {
  const { value: topics } = useFeed('topics.names', undefined)
  const found = stateTopics(
    groupId,
    (topics ?? []).map(({ name }) => name),
  )
  return found.length === 0 ? null : <p className="quiet">{texts.streamsState(found)}</p>
}
