import { describe, expect, it } from 'vitest'
import type { GroupState, SubjectState, TopicState } from '../../../src-main/compare/cluster'
import { groupRows, subjectRows, topicRows } from '../../../src-main/compare/rows'
import type { ComparedRow } from '../../../src-main/contract/comparison'

const text = ({ kind, name, what, a, b, verdict, about }: ComparedRow) =>
  `${kind} ${name}, ${what}: ${a} | ${b}, ${verdict}${about === 'setup' ? '' : `, ${about}`}`
const texts = (rows: Iterable<ComparedRow>) => [...rows].map(text)

describe('topics', () => {
  const topic = (
    partitions: number,
    configs: Record<string, readonly [string | null, boolean]> | null,
  ): TopicState => ({
    partitions,
    configs: configs && new Map(Object.entries(configs).map(([name, [value, isOwn]]) => [name, { value, isOwn }])),
  })
  const rows = (a: Record<string, TopicState>, b: Record<string, TopicState>) =>
    texts(topicRows(new Map(Object.entries(a)), new Map(Object.entries(b))))

  it('are on one side only, or have other partitions, in the order of their names', () => {
    expect(
      rows(
        { z: topic(1, {}), same: topic(2, {}), more: topic(3, {}) },
        { y: topic(4, {}), same: topic(2, {}), more: topic(6, {}) },
      ),
    ).toEqual([
      'topic more, partitions: 3 | 6, different',
      'topic same, partitions: 2 | 2, same',
      'topic y, partitions: null | 4, onlyB',
      'topic z, partitions: 1 | null, onlyA',
    ])
  })

  it('have configs: those that a topic sets itself, and of the others what differs', () => {
    const configs = (values: Record<string, readonly [string | null, boolean]>) => ({ t: topic(1, values) })
    expect(
      rows(
        configs({ set: ['1', true], reset: ['1', true], broker: ['1', false], equal: ['1', false], old: ['1', true] }),
        configs({ set: ['1', true], reset: ['2', false], broker: ['2', false], equal: ['1', false], new: ['1', true] }),
      ),
    ).toEqual([
      'topic t, partitions: 1 | 1, same',
      'config t, broker: 1 | 2, different, default',
      'config t, reset: 1 | 2, different',
      'config t, set: 1 | 1, same',
    ])
    // No value is not an empty one.
    expect(rows(configs({ c: [null, true] }), configs({ c: ['', true] }))).toContain('config t, c: null | , different')
    expect(rows({ t: topic(1, null) }, configs({ set: ['1', true] }))).toEqual(['topic t, partitions: 1 | 1, same'])
  })
})

describe('groups', () => {
  const group = (fields: Partial<GroupState> = {}): GroupState => ({
    type: 'classic',
    state: 'Empty',
    members: 0,
    offsets: [],
    ...fields,
  })
  const at = (topic: string, partition: number, offset: bigint, lag: bigint | null = 0n) => ({
    topic,
    partition,
    offset,
    lag,
  })
  const rows = (a: GroupState | null, b: GroupState | null) =>
    texts(groupRows(new Map(a ? [['g', a]] : []), new Map(b ? [['g', b]] : [])))

  it('are on one side only, or of another type; a type that is not told is no difference', () => {
    expect(rows(group(), null)).toEqual(['group g, type: classic | null, onlyA'])
    expect(rows(null, group({ type: 'share' }))).toEqual(['group g, type: null | share, onlyB'])
    expect(rows(group(), group({ type: 'consumer' }))[0]).toBe('group g, type: classic | consumer, different')
    expect(rows(group({ type: '' }), group({ type: 'consumer' }))[0]).toBe('group g, type: consumer | consumer, same')
    expect(rows(group({ type: '' }), group({ type: '' }))[0]).toBe('group g, type: not told | not told, same')
  })

  it('differ in state, members, lag and the offsets of each topic', () => {
    expect(
      rows(
        group({
          state: 'Stable',
          members: 2,
          offsets: [at('t', 0, 5n, 1n), at('t', 1, 7n, 2n), at('t', 2, 1n), at('only', 0, 1n)],
        }),
        group({ offsets: [at('t', 0, 5n), at('t', 1, 9n), at('t', 3, 4n)] }),
      ),
    ).toEqual([
      'group g, type: classic | classic, same',
      'group g, topics: only, t | t, different',
      'group g, state: Stable | Empty, different, activity',
      'group g, members: 2 | 0, different, activity',
      'group g, lag: 3 | 0, different, activity',
      'group g, offsets of t: 1: 7, 2: 1, 3: - | 1: 9, 2: -, 3: 4, different, activity',
    ])
  })

  it('say nothing of what one side does not tell', () => {
    expect(
      rows(
        group({ state: null, members: null, offsets: null }),
        group({ state: 'Stable', members: 3, offsets: [at('t', 0, 1n)] }),
      ),
    ).toEqual(['group g, type: classic | classic, same'])
    expect(rows(group({ offsets: [at('t', 0, 1n, null)] }), group({ offsets: [at('t', 0, 1n, 4n)] }))).toEqual([
      'group g, type: classic | classic, same',
      'group g, topics: t | t, same',
    ])
  })
})

describe('subjects', () => {
  const subject = (...versions: readonly (readonly [number, number, string])[]): SubjectState => ({
    versions: new Map(versions.map(([n, id, schema]) => [n, { id, schemaType: 'AVRO', schema }])),
  })
  const rows = (a: SubjectState | null, b: SubjectState | null) =>
    texts(subjectRows(new Map(a ? [['s', a]] : []), new Map(b ? [['s', b]] : [])))

  it('are compared by their versions and ids', () => {
    const one = subject([1, 10, '"int"'], [2, 11, '"long"'])
    expect(rows(one, one)).toEqual([
      'subject s, version 1: AVRO "int" | AVRO "int", same',
      'subject s, version 2: AVRO "long" | AVRO "long", same',
    ])
    expect(rows(one, subject([1, 7, '"int"'], [2, 11, '"float"'], [3, 12, '"string"']))).toEqual([
      'subject s, version 1: AVRO "int" | AVRO "int", same',
      'subject s, version 1, id: 10 | 7, different',
      'subject s, version 2: AVRO "long" | AVRO "float", different',
      'subject s, version 3: null | AVRO "string", onlyB',
    ])
    expect(rows(null, one)).toEqual(['subject s, versions: null | 1, 2, onlyB'])
  })
})
