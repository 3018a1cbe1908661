import { describe, expect, it } from 'vitest'
import type { ComparedRow } from '../../../src-main/contract/comparison'
import { countOf, countsOf, listed, viewOf, viewQuery, withThings } from '../../../src-renderer/pages/compare/compared'
import { rowsAsJson, rowsAsText } from '../../../src-renderer/pages/compare/rows-text'

const row = (
  kind: ComparedRow['kind'],
  name: string,
  what: string,
  a: string | null,
  b: string | null,
  about: ComparedRow['about'] = 'setup',
): ComparedRow => ({
  kind,
  name,
  what,
  a,
  b,
  about,
  verdict: a === b ? 'same' : a === null ? 'onlyB' : b === null ? 'onlyA' : 'different',
})

const rows = [
  row('group', 'billing', 'type', 'classic', 'classic'),
  row('group', 'billing', 'lag', '1', '0', 'activity'),
  row('topic', 'orders', 'partitions', '2', '2'),
  row('config', 'orders', 'retention.ms', '1', '2'),
  row('config', 'orders', 'segment.bytes', '1', '2', 'default'),
  row('topic', 'payments', 'partitions', null, '1'),
  row('subject', 's', 'version 1', 'AVRO "int"', 'AVRO "int"'),
  row('subject', 's', 'version 2', null, 'AVRO "long"'),
]
const all = { defaults: true, activity: true }
const setup = { defaults: false, activity: false }
const names = (found: readonly ComparedRow[]) => found.map(({ name, what }) => `${name} ${what}`)

describe('the view of a comparison', () => {
  it('is in the address of the page', () => {
    const view = viewOf('a=one&b=two&find=x+y&show=same&defaults=yes&activity=no')
    expect(view).toEqual({ a: 'one', b: 'two', find: 'x y', shown: ['same'], defaults: true, activity: false })
    expect(viewOf(viewQuery(view))).toEqual(view)
    expect(viewQuery(viewOf(''))).toBe('')
    expect(viewOf('show=')).toMatchObject({ a: 'here', b: '', shown: [] })
    expect(viewOf(viewQuery(viewOf('show=')))).toEqual(viewOf('show='))
  })
})

describe('rows of a comparison', () => {
  it('are listed by kind, each with what its topic, config, group or subject comes to', () => {
    expect(withThings(rows, all).map(({ name, what, thing }) => `${name} ${what}: ${thing}`)).toEqual([
      'orders partitions: same',
      'orders retention.ms: different',
      'orders segment.bytes: different',
      'payments partitions: onlyB',
      'billing type: different',
      'billing lag: different',
      's version 1: different',
      's version 2: different',
    ])
    expect(withThings(rows, setup).find(({ name }) => name === 'billing')?.thing).toBe('same')
  })

  it('are counted by topic, config, group and subject', () => {
    const counts = countsOf(withThings(rows, all))
    expect(counts.topic).toEqual({ onlyA: 0, onlyB: 1, different: 0, same: 1 })
    expect(counts.config).toEqual({ onlyA: 0, onlyB: 0, different: 2, same: 0 })
    expect(counts.group.different).toBe(1)
    expect(counts.subject).toEqual({ onlyA: 0, onlyB: 0, different: 1, same: 0 })
    expect(countOf(counts, null, 'different')).toBe(4)
    expect(countOf(counts, 'topic', 'onlyB')).toBe(1)
  })

  it('fold what is the same, also in something that is different', () => {
    const shown = withThings(rows, all)
    const view = viewOf('')
    expect(names(listed(shown, null, view))).toEqual([
      'orders retention.ms',
      'orders segment.bytes',
      'payments partitions',
      'billing lag',
      's version 2',
    ])
    expect(names(listed(shown, 'group', { ...view, shown: ['different', 'same'] }))).toEqual([
      'billing type',
      'billing lag',
    ])
    expect(names(listed(shown, null, { ...view, shown: ['same'] }))).toEqual(['orders partitions'])
  })

  it('are found by name, field and value', () => {
    const shown = withThings(rows, all)
    const find = (text: string) => names(listed(shown, null, { ...viewOf(''), find: text }))
    expect(find('PAY')).toEqual(['payments partitions'])
    expect(find('retention')).toEqual(['orders retention.ms'])
    expect(find('"long"')).toEqual(['s version 2'])
    expect(find('nothing')).toEqual([])
  })

  it('are copied as a table and as the lines of the command', () => {
    const some = [row('topic', 'payments', 'partitions', null, '1')]
    expect(rowsAsText(some, ['Kind', 'Name', 'What', 'here', 'staging'])).toBe(
      'Kind   Name      What        here  staging\ntopic  payments  partitions  -     1\n',
    )
    expect(rowsAsJson(some)).toBe('{"kind":"topic","name":"payments","what":"partitions","a":null,"b":"1"}\n')
  })
})
