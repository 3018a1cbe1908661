import { expect, test } from 'vitest'
import type { AclLine } from '../../../src-main/contract/security'
import type { ClientLine } from '../../../src-main/contract/workspace'
import { aclText } from '../../../src-renderer/pages/security/acl-draft'
import { lockedOut } from '../../../src-renderer/pages/security/locked-out'

const client = (fields: Partial<ClientLine>) =>
  ({
    principal: 'User:bob',
    clientId: 'app',
    address: '127.0.0.1:50112',
    leftAt: null,
    reads: [],
    writes: [],
    groups: [],
    ...fields,
  }) as unknown as ClientLine

const acl = (fields: Partial<AclLine>): AclLine => ({
  resourceType: 'TOPIC',
  resourceName: 'orders',
  prefixed: false,
  principal: 'User:bob',
  host: '*',
  operation: 'READ',
  allow: true,
  ...fields,
})

const rules = { acls: [] as AclLine[], superUsers: [] as string[], everyoneWithoutRule: false }
const told = (clients: readonly ClientLine[], changed: Partial<typeof rules>) =>
  lockedOut(clients, { ...rules, ...changed }).map(({ principal, clients: count, denied }) => [
    principal,
    count,
    denied.map(aclText),
  ])

test('who is connected and may do nothing would be locked out, super users and who has left would not', () => {
  const clients = [
    client({}),
    client({ clientId: 'other' }),
    client({ principal: 'User:ops' }),
    client({ leftAt: 1, clientId: 'x' }),
  ]
  expect(told(clients, { superUsers: ['User:ops'] })).toEqual([['User:bob', 2, []]])
})

test('a client with ACLs that does more than they allow is named with what it does', () => {
  const clients = [client({ reads: ['orders', 'payments'], writes: ['audit'], groups: ['billing'] })]
  const acls = [acl({}), acl({ resourceType: 'GROUP', resourceName: 'bill', prefixed: true })]
  expect(told(clients, { acls })).toEqual([['User:bob', 1, ['READ on TOPIC payments', 'WRITE on TOPIC audit']]])
  expect(told(clients, { acls: [...acls, acl({ resourceName: '*', operation: 'ALL' })] })).toEqual([])
  // From another host it is not allowed.
  expect(told([client({ reads: ['orders'] })], { acls: [acl({ host: '10.0.0.1' })] })).toEqual([
    ['User:bob', 1, ['READ on TOPIC orders']],
  ])
})

test('where resources without an ACL are open, only those with one lock out', () => {
  const clients = [client({ reads: ['orders', 'payments'] })]
  const acls = [acl({ principal: 'User:alice' })]
  expect(told(clients, { acls, everyoneWithoutRule: true })).toEqual([['User:bob', 1, ['READ on TOPIC orders']]])
  expect(told(clients, { everyoneWithoutRule: true })).toEqual([])
})
