import { expect, it } from 'vitest'
import { documentationOf } from '../../../src-main/broker/config/documentation'
import type { ConfigLine } from '../../../src-main/contract/topics'
import { wordsOf } from '../../../src-renderer/format/find'
import { excerpt, foundConfigs } from '../../../src-renderer/pages/topics/config-search'

const line = (name: string, value: string, isDefault = true): ConfigLine => ({
  name,
  value,
  isDefault,
  source: isDefault ? 'DEFAULT_CONFIG' : 'DYNAMIC_TOPIC_CONFIG',
  type: 'string',
  readOnly: false,
  secret: false,
  documentation: documentationOf('topic', name),
})

const configs = [
  line('segment.ms', '604800000'),
  line('retention.ms', '604800000'),
  line('cleanup.policy', 'compact'),
  line('compression.type', 'producer'),
  line('delete.retention.ms', '86400000', false),
  line('min.compaction.lag.ms', '0'),
]
const found = (find: string) => foundConfigs(configs, wordsOf(find)).map(({ name }) => name)

it('configs are found by name first, then by value and what it means, then by description; changed ones before others', () => {
  expect(found('')).toEqual([
    'delete.retention.ms',
    'cleanup.policy',
    'compression.type',
    'min.compaction.lag.ms',
    'retention.ms',
    'segment.ms',
  ])
  expect(found('Retention')).toEqual(['delete.retention.ms', 'retention.ms', 'cleanup.policy', 'segment.ms'])
  expect(found('compact')).toEqual(['min.compaction.lag.ms', 'cleanup.policy', 'delete.retention.ms', 'segment.ms'])
  expect(found('7 days')).toEqual(['retention.ms', 'segment.ms'])
  // In any order; the description of segment.ms has one of them.
  expect(found('ms RETENTION 7')).toEqual(['retention.ms', 'segment.ms'])
  expect(found('gzip')).toEqual(['compression.type'])
  expect(found('no such words')).toEqual([])
})

it('a description is shown from shortly before what was found', () => {
  const text = 'The time to wait before deleting a file from the filesystem. If the value is 0 and there is no delay'
  expect(excerpt(text, ['time'])).toBe(text)
  expect(excerpt(text, ['value', 'FILESYSTEM'])).toBe(
    '… a file from the filesystem. If the value is 0 and there is no delay',
  )
  expect(excerpt('x'.repeat(100) + 'found', ['found'])).toBe('…found')
  expect(excerpt(text, ['nowhere'])).toBe(text)
})
