import { describe, expect, it } from 'vitest'
import { groupByTopic, keyOf, parseKey } from '../../../src-main/base/topic-partition'

describe('a topic-partition as a key', () => {
  it('is read back as it was made', () => {
    for (const place of [
      { topic: 'orders', partition: 0 },
      { topic: 'a.b-c_d', partition: 2_147_483_647 },
      { topic: 'with:colon', partition: 3 },
    ]) {
      expect(parseKey(keyOf(place.topic, place.partition))).toEqual(place)
    }
  })

  it('groups by topic in the order of first appearance', () => {
    const things = [
      { topic: 'b', partition: 1 },
      { topic: 'a', partition: 0 },
      { topic: 'b', partition: 0 },
    ]
    expect([...groupByTopic(things)]).toEqual([
      ['b', [things[0], things[2]]],
      ['a', [things[1]]],
    ])
  })
})
