import { expect, it } from 'vitest'
import { configMeaning, configProblem, configValue, readConfig } from '../../../src-renderer/pages/topics/config-values'

it('config values are explained in days and bytes, and only where the number alone is hard to read', () => {
  expect(configMeaning('retention.ms', '604800000')).toBe('7 days')
  expect(configMeaning('retention.ms', '5400000')).toBe('90 minutes')
  expect(configMeaning('segment.ms', '3600000')).toBe('1 hour')
  expect(configMeaning('retention.ms', '-1')).toBe('no limit')
  expect(configMeaning('flush.ms', '9223372036854775807')).toBe('no limit')
  expect(configMeaning('segment.bytes', '1073741824')).toBe('1.1 GB')
  expect(configMeaning('min.insync.replicas', '1')).toBeNull()
  expect(configMeaning('cleanup.policy', 'delete')).toBeNull()
  expect(configMeaning('linger.ms', '5')).toBeNull()
})

it('typed units become the number that Kafka takes, where the config has that unit', () => {
  expect(configValue('retention.ms', '7d')).toBe('604800000')
  expect(configValue('retention.ms', ' 1h30m ')).toBe('5400000')
  expect(configValue('retention.ms', '-1')).toBe('-1')
  expect(configValue('retention.bytes', 'No limit')).toBe('-1')
  expect(configValue('segment.bytes', 'no limit')).toBe('no limit')
  expect(configValue('retention.ms', 'soon')).toBe('soon')
  expect(configValue('segment.bytes', '1 GiB')).toBe('1073741824')
  expect(configValue('max.message.bytes', '1.5MB')).toBe('1500000')
  expect(configValue('max.message.bytes', '0.3 B')).toBe('0.3 B')
  expect(configValue('cleanup.policy', '7d')).toBe('7d')
})

it('configs of a broker are read the same way, in their own unit', () => {
  expect(configMeaning('log.retention.bytes', '-1')).toBe('no limit')
  expect(configValue('log.retention.ms', 'no limit')).toBe('-1')
  expect(configMeaning('offsets.retention.minutes', '10080')).toBe('7 days')
  expect(configValue('offsets.retention.minutes', '7 days')).toBe('10080')
  expect(configValue('offsets.retention.minutes', '90s')).toBe('90s')
  expect(configProblem('offsets.retention.minutes', 'int', '90s')).toBe('number')
  expect(readConfig('log.retention.ms', 'long', '2 days')).toEqual({
    typed: '2 days',
    taken: '172800000',
    meaning: '2 days',
    wrong: null,
  })
})

it('a value that Kafka would not take is told before it is sent', () => {
  expect(configProblem('retention.ms', 'long', configValue('retention.ms', '7 days'))).toBeNull()
  expect(configProblem('retention.ms', 'long', configValue('retention.ms', '7 dayz'))).toBe('span')
  expect(configProblem('segment.bytes', 'int', configValue('segment.bytes', '1 GiB'))).toBeNull()
  expect(configProblem('segment.bytes', 'int', configValue('segment.bytes', '3 GiB'))).toBe('size')
  expect(configProblem('min.insync.replicas', 'int', '')).toBe('number')
  expect(configProblem('flush.messages', 'long', '9223372036854775807')).toBeNull()
  expect(configProblem('flush.messages', 'long', '9223372036854775808')).toBe('number')
  expect(configProblem('min.cleanable.dirty.ratio', 'double', '0.5')).toBeNull()
  expect(configProblem('min.cleanable.dirty.ratio', 'double', 'half')).toBe('number')
  expect(configProblem('cleanup.policy', 'list', '')).toBeNull()
})
