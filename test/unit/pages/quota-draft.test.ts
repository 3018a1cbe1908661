import { describe, expect, it } from 'vitest'
import type { QuotaLine } from '../../../src-main/contract/security'
import {
  amountOf,
  emptyQuota,
  entityOf,
  limitOf,
  missingName,
  placeOf,
  type QuotaDraft,
  valueNow,
} from '../../../src-renderer/pages/security/quota-draft'
import { texts } from '../../../src-renderer/pages/security/texts'

const one = (name: string) => ({ isDefault: false, name })
/** A name that was typed before the default was chosen is not part of it. */
const everyOther = { isDefault: true, name: 'left over' }
const draft = (fields: Partial<QuotaDraft>): QuotaDraft => ({ ...emptyQuota, ...fields })
const { sentence } = texts.quotas.form

describe('the form of a quota', () => {
  it('takes an empty name for nobody, never for the default of everybody', () => {
    expect(missingName(emptyQuota)).toBe('user')
    expect(missingName(draft({ user: one('  ') }))).toBe('user')
    expect(missingName(draft({ user: one('alice') }))).toBeNull()
    expect(missingName(draft({ kind: 'both', user: one('alice') }))).toBe('clientId')
    expect(missingName(draft({ kind: 'both', user: one('alice'), clientId: everyOther }))).toBeNull()
    expect(missingName(draft({ kind: 'ip' }))).toBe('ip')
  })

  it('sets the default only where it was chosen, and only for the parts that the kind has', () => {
    expect(entityOf(draft({ user: one(' alice '), ip: everyOther }))).toStrictEqual({ user: 'alice' })
    expect(entityOf(draft({ user: everyOther }))).toStrictEqual({ user: null })
    expect(entityOf(draft({ kind: 'both', user: one('alice'), clientId: everyOther }))).toStrictEqual({
      user: 'alice',
      clientId: null,
    })
    expect(entityOf(draft({ kind: 'ip', ip: one('10.0.0.1') }))).toStrictEqual({ ip: '10.0.0.1' })
  })

  it('offers an address its own limit alone', () => {
    expect(limitOf(draft({ kind: 'ip' }))).toBe('connection_creation_rate')
    expect(limitOf(draft({ limit: 'connection_creation_rate' }))).toBe('producer_byte_rate')
  })

  it('reads sizes where a limit is of bytes, and fractions where Kafka takes them', () => {
    expect(amountOf('producer_byte_rate', '1 MB')).toBe(1_000_000)
    expect(amountOf('consumer_byte_rate', '512KiB/s')).toBe(524_288)
    expect(amountOf('producer_byte_rate', '2.5')).toBeNull()
    expect(amountOf('controller_mutation_rate', '2.5')).toBe(2.5)
    expect(amountOf('controller_mutation_rate', '1 MB')).toBeNull()
    for (const wrong of ['', '0', '-1', 'much', '1e3', 'Infinity']) {
      expect(amountOf('request_percentage', wrong)).toBeNull()
    }
  })

  it('says what will be set for whom, and what it replaces', () => {
    const quotas: readonly QuotaLine[] = [
      { entity: { user: null, clientId: null }, values: { producer_byte_rate: 400 } },
      { entity: { user: null }, values: { producer_byte_rate: 500 } },
      { entity: { user: 'alice' }, values: { request_percentage: 5 } },
    ]
    const ofAll = entityOf(draft({ user: everyOther }))
    expect(valueNow(quotas, ofAll, 'producer_byte_rate')).toBe(500)
    expect(valueNow(quotas, ofAll, 'consumer_byte_rate')).toBeNull()
    expect(valueNow(quotas, entityOf(draft({ user: one('alice') })), 'producer_byte_rate')).toBeNull()
    expect(sentence(ofAll, 'producer_byte_rate', 1_000_000, 500)).toBe(
      'Default: each user without a quota of its own, with all its clients together, may write at most 1,000,000 bytes/s (1.0 MB/s). Clients that do not authenticate are one user, ANONYMOUS. This replaces 500 bytes/s.',
    )
    expect(sentence(entityOf(draft({ user: one('alice') })), 'request_percentage', 50, 50)).toBe(
      'User alice, with all its clients together, may use at most 50 % of the time of a request thread. This quota is set already.',
    )
    expect(sentence(entityOf(draft({ user: one('alice') })), 'request_percentage', 50, null)).toBe(
      'User alice, with all its clients together, may use at most 50 % of the time of a request thread.',
    )
    expect(sentence(entityOf(draft({ kind: 'ip', ip: one('10.0.0.1') })), 'connection_creation_rate', 5, null)).toBe(
      'The IP address 10.0.0.1 may open at most 5 connections per second.',
    )
  })

  it('lists the default first, then the names, then what has no such part', () => {
    // In an array of its own `undefined` would come last whatever it is compared with.
    const entities = [{ user: 'default' }, {}, { user: '<default>' }, { user: null }, { user: 'alice' }]
    const order = entities.map(({ user }) => [placeOf(user), user] as const).toSorted(([a], [b]) => (a < b ? -1 : 1))
    expect(order.map(([, user]) => user)).toEqual([null, '<default>', 'alice', 'default', undefined])
  })
})
