import { expect, test } from 'vitest'
import { likelyHeader } from '../../../src-renderer/pages/resend/likely-header'

test.each([
  [['x-exception', 'x-original-topic', 'x-original-partition'], 'x-original-topic'],
  [['a.source.topic', 'kafka_dlt-original-topic'], 'kafka_dlt-original-topic'],
  [['__dlq.errors.topic'], '__dlq.errors.topic'],
  [['OriginalTopic'], 'OriginalTopic'],
  [['topic', 'trace', 'original-topic-partition'], undefined],
  [[], undefined],
])('of %j, %s names the topic where the message failed', (keys, header) => {
  expect(likelyHeader(keys)).toBe(header)
})
