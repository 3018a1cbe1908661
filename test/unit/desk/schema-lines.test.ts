import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inParts, subjectLine, subjectLists } from '../../../src-main/desk/schemas/lines'
import { putConfig, putMode } from '../../../src-main/registry/modes'
import { removeSubject } from '../../../src-main/registry/remove'
import { RegistryError } from '../../../src-main/registry/schema'
import { type Subjects, withChange } from '../../../src-renderer/stores/subject-list'
import { TestRegistry } from '../../support/registry'

test('a registration changes one line, the level of all those that have none of their own, a deletion takes a line away', () => {
  const t = new TestRegistry()
  const changes = subjectLists()()
  t.register('a', '"int"')
  t.register('b', '"int"')
  t.run(putConfig(t.registry, 'b', { compatibility: 'FULL' }))
  const subjects = ({ changed }: ReturnType<typeof changes>) => changed.map(({ subject }) => subject)
  const first = changes(t.registry)
  expect([first.isWhole, subjects(first)]).toEqual([true, ['a', 'b']])
  expect(changes(t.registry)).toEqual({
    isWhole: false,
    goesOn: false,
    level: 'BACKWARD',
    mode: 'READWRITE',
    changed: [],
    gone: [],
  })
  t.register('b', '"int"')
  t.register('a', '"long"')
  expect(changes(t.registry).changed).toEqual([subjectLine(t.registry.state, 'a')])
  t.run(putConfig(t.registry, null, { compatibility: 'NONE' }))
  const levels = changes(t.registry)
  expect([levels.level, subjects(levels)]).toEqual(['NONE', ['a']])
  t.run(removeSubject(t.registry, 'a', false))
  t.run(removeSubject(t.registry, 'a', true))
  expect(changes(t.registry).gone).toEqual(['a'])
})

test('a long list comes in two parts: what fills a page, and the rest', () => {
  const t = new TestRegistry()
  for (let i = 0; i < 250; i++) t.register(`s-${String(i).padStart(3, '0')}`, '"int"')
  const change = subjectLists()()(t.registry)
  const [first, rest, ...more] = inParts(change)
  expect([first?.changed.length, first?.goesOn, rest?.changed.length, more.length]).toEqual([200, true, 50, 0])
  const begun = withChange(null, first ?? change)
  expect([begun.isComplete, begun.lines.length]).toEqual([false, 200])
  expect(withChange(begun, rest ?? change)).toEqual(withChange(null, change))
})

test('a page that adds up the changes has the list, whatever happens between them', () => {
  const subject = fc.constantFrom('a', 'b', ':.eu:a', ':.eu:c')
  const step = fc.oneof(
    fc.record({ kind: fc.constant('register' as const), subject, text: fc.constantFrom('"int"', '"long"') }),
    fc.record({ kind: fc.constant('delete' as const), subject, permanent: fc.boolean() }),
    fc.record({
      kind: fc.constant('level' as const),
      subject: fc.option(subject),
      level: fc.constantFrom('FULL', 'NONE'),
    }),
    fc.record({
      kind: fc.constant('mode' as const),
      subject: fc.constant(':.eu:'),
      mode: fc.constantFrom('READONLY', 'READWRITE'),
    }),
    fc.record({ kind: fc.constant('look' as const) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const t = new TestRegistry()
      const changes = subjectLists()()
      let shown: Subjects | null = null
      for (const one of [...steps, { kind: 'look' as const }]) {
        try {
          if (one.kind === 'register') t.register(one.subject, one.text)
          else if (one.kind === 'delete') t.run(removeSubject(t.registry, one.subject, one.permanent))
          else if (one.kind === 'level') t.run(putConfig(t.registry, one.subject, { compatibility: one.level }))
          else if (one.kind === 'mode') t.run(putMode(t.registry, one.subject, one.mode, true))
          else shown = withChange(shown, changes(t.registry))
        } catch (error) {
          if (!(error instanceof RegistryError)) throw error
        }
      }
      const { state } = t.registry
      expect(shown?.lines).toEqual(state.subjects().map((name) => subjectLine(state, name)))
      expect(shown?.names).toEqual(state.subjects().filter((name) => state.versions(name, 'live').length > 0))
    }),
    { numRuns: 200 },
  )
})
