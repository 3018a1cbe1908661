import { describe, expect, it } from 'vitest'
import type { ClientLine } from '../../../src-main/contract/workspace'
import { clientGroups } from '../../../src-renderer/pages/clients/client-groups'

const connection = (connectionId: number, fields: Partial<ClientLine>): ClientLine => ({
  connectionId,
  clientId: 'shop',
  software: '',
  address: `127.0.0.1:${connectionId}`,
  listener: 'PLAINTEXT',
  principal: 'User:ANONYMOUS',
  connectedAt: connectionId,
  leftAt: null,
  requests: 1,
  bytesIn: 0,
  bytesOut: 0,
  requestsPerSecond: 1,
  inBytesPerSecond: 10,
  outBytesPerSecond: 100,
  traffic: [],
  lastRequestAt: 0,
  apis: [],
  writes: [],
  reads: [],
  metricsAt: null,
  groups: [],
  throttle: null,
  lastError: null,
  ...fields,
})
const api = (name: string) => ({ name, version: 1, requests: 1 })
const error = (name: string, at: number, isRoutine: boolean) => ({ at, api: 'Fetch', error: name, text: '', isRoutine })

describe('clients by client id', () => {
  it('names all groups, and the newest pause by a quota with the sum of all', () => {
    const [shop] = clientGroups([
      connection(1, { groups: ['billing'], throttle: { at: 5, pauseMs: 100, totalMs: 300 } }),
      connection(2, { groups: ['audit', 'billing'], throttle: { at: 9, pauseMs: 20, totalMs: 20 } }),
    ])
    expect(shop).toMatchObject({ groups: ['audit', 'billing'], throttle: { at: 9, pauseMs: 20, totalMs: 320 } })
  })

  it('adds up the open connections of a client, and names its roles by the APIs that it called', () => {
    const [shop] = clientGroups([
      connection(1, { apis: [api('Produce')], writes: ['orders'], traffic: [1, 2, 3] }),
      connection(2, { apis: [api('Fetch')], reads: ['audit'], traffic: [10] }),
      connection(3, { leftAt: 9, requestsPerSecond: 50 }),
    ])
    expect(shop).toMatchObject({
      clientId: 'shop',
      open: 2,
      roles: ['producer', 'consumer'],
      writes: ['orders'],
      reads: ['audit'],
      requestsPerSecond: 2,
      inBytesPerSecond: 20,
      traffic: [1, 2, 13],
      connectedAt: 1,
      leftAt: null,
    })
    expect(shop?.connections.map(({ connectionId }) => connectionId)).toEqual([2, 1, 3])
  })

  it('tells admins and transactional producers from other clients', () => {
    const roles = (...names: string[]) => clientGroups([connection(1, { apis: names.map(api) })])[0]?.roles
    expect(roles('ApiVersions', 'Metadata')).toEqual([])
    expect(roles('ApiVersions', 'CreateTopics')).toEqual(['admin'])
    expect(roles('Produce', 'EndTxn')).toEqual(['transactional producer'])
  })

  it('lists disconnected clients last, and shows a serious error rather than a newer routine one', () => {
    const groups = clientGroups([
      connection(1, { clientId: 'a', leftAt: 5 }),
      connection(2, { clientId: 'b', lastError: error('MESSAGE_TOO_LARGE', 1, false) }),
      connection(3, { clientId: 'b', lastError: error('REBALANCE_IN_PROGRESS', 2, true) }),
    ])
    expect(groups.map(({ clientId, leftAt }) => [clientId, leftAt])).toEqual([
      ['b', null],
      ['a', 5],
    ])
    expect(groups[0]?.lastError?.error).toBe('MESSAGE_TOO_LARGE')
  })
})
