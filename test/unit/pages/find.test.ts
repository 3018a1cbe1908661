import { describe, expect, it } from 'vitest'
import { matcherOf } from '../../../src-renderer/format/find'

describe('the search of a list', () => {
  const names = ['demo-orders', 'demo-Payments', 'orders.failed', '日本']
  const found = (find: string) => names.filter(matcherOf(find))

  it('finds what has each word, in any order and case, wherever spaces are', () => {
    expect(found('ORDERS')).toEqual(['demo-orders', 'orders.failed'])
    expect(found('  orders   demo ')).toEqual(['demo-orders'])
    expect(found('pay')).toEqual(['demo-Payments'])
    expect(found('日')).toEqual(['日本'])
    expect(found('orders mails')).toEqual([])
  })

  it('finds everything without a word', () => {
    expect(found('')).toEqual(names)
    expect(found('   ')).toEqual(names)
  })

  it('takes signs of patterns as they are', () => {
    expect(found('.')).toEqual(['orders.failed'])
    expect(found('.*')).toEqual([])
  })
})
