import { expect, test } from 'vitest'
import { stateTopics } from '../../../src-renderer/pages/reset/state-topics'
import { texts } from '../../../src-renderer/pages/reset/texts'

test('the state of an application of Kafka Streams is in the topics that begin with its id', () => {
  const names = ['app', 'app-sums-changelog', 'app-by-key-repartition', 'other-sums-changelog', 'app-changelog-notes']
  expect(stateTopics('app', names)).toEqual(['app-by-key-repartition', 'app-sums-changelog'])
  expect(stateTopics('orders', names)).toEqual([])
})

test('a reset says what it leaves as it is', () => {
  expect(texts.streamsState(['app-sums-changelog'])).toBe(
    'Kafka Streams goes on with the state that it has, in app-sums-changelog and in its state.dir. To compute it again from these offsets, delete the topic and call KafkaStreams.cleanUp() before the next start.',
  )
  expect(texts.streamsState(['a-1-changelog', 'a-2-changelog', 'a-3-changelog', 'a-4-changelog'])).toContain(
    'in a-1-changelog, a-2-changelog and 2 more topics and in its state.dir',
  )
})
