import { describe, expect, it } from 'vitest'
import type { AclLine } from '../../../src-main/contract/security'
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
})
