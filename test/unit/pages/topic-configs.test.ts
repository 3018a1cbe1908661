import { expect, it } from 'vitest'
import { readConfigs } from '../../../src-renderer/pages/topics/topic-configs'

it('configs are read line by line, and what is none is told', () => {
  expect(readConfigs('retention.ms = 1000\n\n cleanup.policy=compact,delete \nempty=\nretention.ms\n=5')).toEqual({
    configs: { 'retention.ms': '1000', 'cleanup.policy': 'compact,delete', empty: '' },
    wrong: ['retention.ms', '=5'],
  })
})
