import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AclLine } from '../../../src-main/contract/security'
import { decide } from '../../../src-main/security/acl'
import {
  aclsOf,
  aclText,
  emptyAcl,
  emptyGrant,
  grantFor,
  grantQuery,
  isAllowedBy,
  isComplete,
  readQuery,
} from '../../../src-renderer/pages/security/acl-draft'
import { coversHost } from '../../../src-renderer/pages/security/host-range'

const bob = { ...emptyGrant, principal: 'User:bob', topic: 'orders' }
const denied = (fields: Partial<AclLine>): AclLine => ({ ...emptyAcl, principal: 'User:bob', ...fields })

describe('granting access by a task', () => {
  it('gives a consumer the topic and its group, a producer the topic, a transactional producer its id as well', () => {
    const texts = (grant: typeof bob) => aclsOf(grant).map(aclText)
    expect(texts({ ...bob, group: 'billing' })).toEqual(['READ on TOPIC orders', 'READ on GROUP billing'])
    expect(texts({ ...bob, task: 'produce', prefixed: true, canCreate: true })).toEqual([
      'WRITE on TOPIC orders*',
      'CREATE on TOPIC orders*',
    ])
    expect(texts({ ...bob, task: 'transact', transactionalId: 'till' })).toEqual([
      'WRITE on TOPIC orders',
      'WRITE on TRANSACTIONAL_ID till',
    ])
  })

  it('needs a principal, a topic, and what the task acts on', () => {
    expect([isComplete(bob), isComplete({ ...bob, group: 'billing' })]).toEqual([false, true])
    expect(isComplete({ ...bob, group: 'billing', principal: 'bob' })).toBe(false)
    expect(isComplete({ ...bob, task: 'transact' })).toBe(false)
  })

  it('derives the task from all denied requests of a principal', () => {
    const describeTopic = denied({ resourceName: 'orders', operation: 'DESCRIBE' })
    const readGroup = denied({ resourceType: 'GROUP', resourceName: 'billing' })
    expect(grantFor(describeTopic, [describeTopic, readGroup])).toMatchObject({ task: 'consume', group: 'billing' })
    const write = denied({ resourceName: 'orders', operation: 'WRITE' })
    expect(grantFor(describeTopic, [describeTopic, write])).toMatchObject({ task: 'produce', topic: 'orders' })
    const other = { ...readGroup, principal: 'User:eve' }
    expect(grantFor(write, [write, other])).toMatchObject({ task: 'produce', group: '' })
  })

  it('is carried by a link, and a broken link leaves the form empty', () => {
    expect(readQuery(grantQuery(bob))).toEqual({ grant: bob, acl: null })
    expect(readQuery('grant=%7Bnot-json')).toEqual({ grant: null, acl: null })
  })
})

describe('whether a denied request is allowed by now', () => {
  const describe_ = denied({ resourceName: 'orders', operation: 'DESCRIBE' })

  it('follows Kafka: READ implies DESCRIBE, prefixes and * match, a DENY wins', () => {
    const read = denied({ resourceName: 'orders', operation: 'READ' })
    expect(isAllowedBy([], describe_)).toBe(false)
    expect(isAllowedBy([read], describe_)).toBe(true)
    expect(isAllowedBy([{ ...read, resourceName: 'ord', prefixed: true }], describe_)).toBe(true)
    expect(isAllowedBy([{ ...read, resourceName: 'ord' }], describe_)).toBe(false)
    expect(isAllowedBy([{ ...read, principal: 'User:*' }], describe_)).toBe(true)
    expect(isAllowedBy([{ ...read, principal: 'User:eve' }], describe_)).toBe(false)
    expect(isAllowedBy([read, { ...describe_, allow: false }], describe_)).toBe(false)
    expect(isAllowedBy([describe_], read)).toBe(false)
  })

  it('takes the host of an ACL as the broker does: *, an address, a range of addresses', () => {
    const from = { ...denied({ resourceName: 'orders' }), host: '10.2.3.4' }
    const hosts = ['*', '10.2.3.4', '10.0.0.0/8', '10.2.3.4/32', '0.0.0.0/0', '10.2.3.5', '10.3.0.0/16', '10.0.0.0/33']
    expect(hosts.filter((host) => isAllowedBy([{ ...from, host }], from))).toEqual(hosts.slice(0, 5))
    const anywhere = { ...from, host: '*' }
    expect(isAllowedBy([anywhere, { ...from, host: '10.0.0.0/8', allow: false }], from)).toBe(false)
    expect(isAllowedBy([anywhere, { ...from, host: '11.0.0.0/8', allow: false }], from)).toBe(true)
  })

  it('agrees with the broker about any host', () => {
    const bits = (most: number) => fc.oneof(fc.nat(most), fc.constantFrom(0, most, most + 1, 99, 200))
    const near4 = fc.constantFrom('10.0.0.0', '10.0.0.1', '10.128.0.1', '127.0.0.1', '10.0.0.256', 'localhost')
    const near6 = fc.constantFrom(
      '::1',
      '::',
      '0:0:0:0:0:0:0:1',
      '[::1]',
      '2001:db8::1',
      '2001:DB8:0:8000::',
      '1:2',
      'fe80::1%eth0',
    )
    const address = fc.oneof(near4, near6, fc.ipV4(), fc.ipV6())
    const host = fc.oneof(
      address,
      fc.tuple(fc.oneof(near4, fc.ipV4()), bits(32)).map(([start, length]) => `${start}/${length}`),
      fc.tuple(fc.oneof(near6, fc.ipV6()), bits(128)).map(([start, length]) => `${start}/${length}`),
      fc.constantFrom('*', '', '10.0.0.0/', '/8', '10.0.0.0/8/8', '10.0.0.0/-1', '::/x'),
    )
    fc.assert(
      fc.property(
        host,
        fc.oneof(
          fc.ipV4(),
          fc.ipV6(),
          near6.filter((text) => /^[\da-f:]+$/.test(text) && text !== '1:2'),
        ),
        (text, at) => {
          const what = {
            principal: 'User:bob',
            operation: 'READ',
            resourceType: 'TOPIC',
            resourceName: 'orders',
          } as const
          const acl = { ...what, host: text, patternType: 'LITERAL', permission: 'ALLOW' } as const
          expect(coversHost(text, at)).toBe(decide([acl], { ...what, host: at }))
        },
      ),
      { numRuns: 2000 },
    )
  })
})
