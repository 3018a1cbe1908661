import { describe, expect, it } from 'vitest'
import { configure, InvalidTopology } from '../../../../src-main/groups/streams/configure'
import type { Subtopology } from '../../../../src-main/groups/streams/topology'
import { metadataOf, subtopology, topicInfo, wordCount } from '../../../support/streams-group'

function configured(topics: Readonly<Record<string, number>>, ...subtopologies: Subtopology[]) {
  const topology = subtopologies.length > 0 ? { epoch: 0, subtopologies } : wordCount
  return configure(topology, metadataOf(topics))
}

function problem(topics: Readonly<Record<string, number>>, ...subtopologies: Subtopology[]) {
  return configured(topics, ...subtopologies).problem
}

describe('the topics of a topology', () => {
  it('[G5] must exist when they are sources, and three of the missing are named', () => {
    expect(problem({})).toEqual({ status: 1, detail: 'Source topics lines are missing.' })
    expect(problem({}, subtopology('0', { sourceTopics: ['d', 'c', 'b', 'a'] }))).toEqual({
      status: 1,
      detail: 'Source topics a, b, c and 1 additional topics are missing.',
    })
  })

  it('[G6] [G8] have the partitions of their sources when nothing else is said', () => {
    const { subtopologies, missing, problem: why } = configured({ lines: 3 })
    expect(subtopologies).toMatchObject([
      { subtopologyId: '0', tasks: 3, isStateful: false, inputs: ['lines'] },
      { subtopologyId: '1', tasks: 3, isStateful: true, inputs: ['words'] },
    ])
    expect(missing.map(({ name, partitions }) => [name, partitions])).toEqual([
      ['words', 3],
      ['counts-changelog', 3],
    ])
    expect(why).toEqual({ status: 3, detail: 'Internal topics are missing: words, counts-changelog' })
    expect(problem({ lines: 3, words: 3, 'counts-changelog': 3 })).toBeNull()
  })

  it('[G6] have the partitions that are asked for, through several subtopologies', () => {
    const chain = [
      subtopology('0', { sourceTopics: ['in'], sinks: ['r1'] }),
      subtopology('1', { repartitions: [topicInfo('r1', 5)], sinks: ['r2'] }),
      subtopology('2', { repartitions: [topicInfo('r2')], changelogs: [topicInfo('store')] }),
    ]
    const counts = configured({ in: 2 }, ...chain).missing.map(({ name, partitions }) => `${name}=${partitions}`)
    expect(counts).toEqual(['r1=5', 'r2=5', 'store=5'])
  })

  it('[G6] cannot be decided in a loop, or when nobody writes them', () => {
    const loop = subtopology('0', { repartitions: [topicInfo('r')], sinks: ['r'] })
    expect(() => problem({}, loop)).toThrow(/There may be loops in the topology/)
    const unwritten = subtopology('0', { sourceTopics: ['in'], repartitions: [topicInfo('r')] })
    expect(() => problem({ in: 1 }, unwritten)).toThrow(InvalidTopology)
    expect(() => problem({}, subtopology('7'))).toThrow('No source topics found for subtopology 7')
  })

  it('[G7] of one copartition group have the same number of partitions', () => {
    const join = subtopology('0', {
      sourceTopics: ['a', 'b'],
      copartitionGroups: [{ sourceTopics: [0, 1], sourceTopicRegex: [], repartitions: [] }],
    })
    expect(problem({ a: 2, b: 3 }, join)).toEqual({
      status: 2,
      detail: 'Following topics do not have the same number of partitions: [{a=2, b=3}]',
    })
    expect(problem({ a: 3, b: 3 }, join)).toBeNull()
  })

  it('[G7] follow the source topics of their copartition group, or contradict them', () => {
    const joined = (partitions: number) => [
      subtopology('0', { sourceTopics: ['wide'], sinks: ['r'] }),
      subtopology('1', {
        sourceTopics: ['narrow'],
        repartitions: [topicInfo('r', partitions)],
        copartitionGroups: [{ sourceTopics: [0], sourceTopicRegex: [], repartitions: [0] }],
      }),
    ]
    const topics = { wide: 6, narrow: 2 }
    expect(configured(topics, ...joined(0)).missing).toMatchObject([{ name: 'r', partitions: 2 }])
    expect(problem(topics, ...joined(4))).toEqual({
      status: 2,
      detail:
        "Number of partitions [4] of repartition topic [r] doesn't match number of partitions [2] of the source topic.",
    })
  })

  it('[G7] of a group of repartition topics have the maximum, or what is fixed', () => {
    const both = (first: number, second: number) => [
      subtopology('0', { sourceTopics: ['a'], sinks: ['r1'] }),
      subtopology('1', { sourceTopics: ['b'], sinks: ['r2'] }),
      subtopology('2', {
        repartitions: [topicInfo('r1', first), topicInfo('r2', second)],
        copartitionGroups: [{ sourceTopics: [], sourceTopicRegex: [], repartitions: [0, 1] }],
      }),
    ]
    const sizes = (first: number, second: number) =>
      configured({ a: 2, b: 5 }, ...both(first, second)).missing.map(({ partitions }) => partitions)
    expect(sizes(0, 0)).toEqual([5, 5])
    expect(sizes(3, 0)).toEqual([3, 3])
    expect(problem({ a: 2, b: 5 }, ...both(3, 4))).toMatchObject({
      status: 2,
      detail: 'Following topics do not have the same number of partitions: [{r1=3, r2=4}]',
    })
  })

  it('[G9] must have what was decided when they exist', () => {
    expect(problem({ lines: 2, words: 2, 'counts-changelog': 7 })).toEqual({
      status: 2,
      detail: 'Existing topic counts-changelog has different number of partitions: expected 2, found 7',
    })
  })
})
