import { describe, expect, test } from 'vitest'
import { errorIn, topicsIn } from '../../../src-main/desk/embedded/exchange-facts'

const nameOf = (id: string) => (id === 'id-1' ? 'orders' : undefined)

describe('what an exchange is about', () => {
  test('topics by name, in the ways that Kafka names them', () => {
    expect(topicsIn({ topicData: [{ name: 'a', partitionData: [{ index: 0 }] }] }, nameOf)).toEqual(['a'])
    expect(topicsIn({ groupId: 'g', topics: [{ name: 'a' }, { name: 'b' }] }, nameOf)).toEqual(['a', 'b'])
    expect(topicsIn({ topics: [{ topic: 'a', partitions: [] }] }, nameOf)).toEqual(['a'])
    expect(topicsIn({ v3AndBelowTopics: [{ name: 'a', partitions: [0] }] }, nameOf)).toEqual(['a'])
    expect(topicsIn({ topicNames: ['a', 'b'] }, nameOf)).toEqual(['a', 'b'])
  })

  test('topics by id, where the id is known', () => {
    expect(
      topicsIn(
        {
          topics: [
            { topic: '', topicId: 'id-1' },
            { topic: '', topicId: 'id-2' },
          ],
        },
        nameOf,
      ),
    ).toEqual(['orders'])
  })

  test('nothing else that has a name', () => {
    expect(topicsIn({ protocols: [{ name: 'range' }], clientSoftwareName: 'x' }, nameOf)).toEqual([])
    expect(topicsIn({ records: Buffer.from('topics') }, nameOf)).toEqual([])
  })

  test('the first error, wherever it stands', () => {
    expect(errorIn({ errorCode: 0, responses: [{ partitionResponses: [{ errorCode: 0 }, { errorCode: 10 }] }] })).toBe(
      'MESSAGE_TOO_LARGE',
    )
    expect(errorIn({ errorCode: 27 })).toBe('REBALANCE_IN_PROGRESS')
    expect(errorIn({ errorCode: 0 })).toBeNull()
    expect(errorIn(null)).toBeNull()
  })
})
