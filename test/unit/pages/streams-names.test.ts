import { describe, expect, it } from 'vitest'
import { threadNamesOf } from '../../../src-renderer/pages/streams/thread-names'

const member = (memberId: string, clientId: string, instanceId: string | null = null) => ({
  memberId,
  clientId,
  instanceId,
  hue: 1,
})

describe('names of stream threads', () => {
  it('are those of the instance and the thread, as the client id has them', () => {
    const names = threadNamesOf([
      member('m-1', 'shop-1-StreamThread-2-consumer'),
      member('m-2', 'orders-4dddb8f3-1f0a-4d7c-9b0e-0123456789ab-StreamThread-1-consumer'),
    ])
    expect([names.of('m-1'), names.thread('m-1'), names.instance('m-1')]).toEqual([
      'shop-1 thread 2',
      'thread 2',
      'shop-1',
    ])
    expect([names.of('m-2'), names.thread('m-2'), names.instance('m-2')]).toEqual([
      '4dddb8f3 thread 1',
      'thread 1',
      null,
    ])
  })

  it('have the end of the member id where two are the same, and for other client ids', () => {
    const names = threadNamesOf([
      member('aaaa-1111', 'shop-StreamThread-1-consumer'),
      member('bbbb-2222', 'shop-StreamThread-1-consumer'),
      member('cccc-3333', 'app'),
      member('dddd-4444', 'shop-StreamThread-1-consumer', 'left-1'),
    ])
    expect(['aaaa-1111', 'bbbb-2222', 'cccc-3333', 'dddd-4444'].map(names.of)).toEqual([
      'shop thread 1 1111',
      'shop thread 1 2222',
      'app 3333',
      'left-1',
    ])
    expect(names.thread('dddd-4444')).toBe('left-1')
    expect(names.of('gone-5555')).toBe('consumer 5555')
  })
})
