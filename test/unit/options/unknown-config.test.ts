import { describe, expect, it } from 'vitest'
import { brokerConfigNames } from '../../../src-main/broker/config/broker-config-names'
import { unknownConfig } from '../../../src-main/options/unknown-config'

describe('a broker config of the command line', () => {
  it('is known when the broker, its authorizer or a listener reads it', () => {
    for (const name of [
      'num.partitions',
      'authorizer.class.name',
      'super.users',
      'allow.everyone.if.no.acl.found',
      'listener.name.sasl_ssl.plain.sasl.jaas.config',
    ]) {
      expect(unknownConfig(name, brokerConfigNames)).toBeUndefined()
    }
  })

  it('has no effect when nothing reads it, and the nearest name is told', () => {
    expect(unknownConfig('super.user', brokerConfigNames)).toBe(
      '--config super.user has no effect: there is no such config of a broker; did you mean super.users?',
    )
    expect(unknownConfig('retention.ms', brokerConfigNames)).toContain('did you mean log.retention.ms?')
    expect(unknownConfig('of.plugin', brokerConfigNames)).toBe(
      '--config of.plugin has no effect: there is no such config of a broker',
    )
  })
})
