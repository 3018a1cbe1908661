import { describe, expect, it, test } from 'vitest'
import { checkCompatibility } from '../../../src-main/registry/compatibility'
import { lookUp } from '../../../src-main/registry/lookup'
import { deleteConfig, putConfig, putMode } from '../../../src-main/registry/modes'
import { versionNumberOf, versionOf } from '../../../src-main/registry/registry'
import { removeSubject, removeVersion } from '../../../src-main/registry/remove'
import { configInScope, modeInScope } from '../../../src-main/registry/scope'
import { avroRecord, codeOf, schemaOf, TestRegistry } from '../../support/registry'

const one = avroRecord({ a: 'int' })
const two = avroRecord({ a: 'int', b: { type: 'string', default: '' } })
const three = avroRecord({ a: 'int', b: { type: 'string', default: '' }, c: { type: 'int', default: 1 } })

describe('ids and versions', () => {
  test('[R1] ids count up and are not given twice', () => {
    const t = new TestRegistry()
    expect(t.register('s', one).id).toBe(1)
    expect(t.register('s', two).id).toBe(2)
    t.run(removeSubject(t.registry, 's', false))
    t.run(removeSubject(t.registry, 's', true))
    expect(t.register('s', one)).toMatchObject({ id: 3, version: 1 })
  })

  test('[R2] one schema has one id, and its text in another language another', () => {
    const t = new TestRegistry()
    const text = '{"type":"string"}'
    const avro = t.register('a', text)
    expect(t.register('b', '"string"').id).toBe(avro.id)
    const json = t.register('c', text, { type: 'JSON' })
    expect(json.id).not.toBe(avro.id)
    expect(json.guid).not.toBe(avro.guid)
  })

  test('[R3] registering again answers the same, also in READONLY', () => {
    const t = new TestRegistry()
    const first = t.register('s', one)
    t.register('s', two)
    t.run(putMode(t.registry, null, 'READONLY', false))
    expect(t.register('s', ` ${one} `)).toEqual(first)
    expect(codeOf(() => t.register('s', three))).toBe(42205)
  })

  test('[R4] [R5] a soft-deleted version keeps its number and its id', () => {
    const t = new TestRegistry()
    t.register('s', one)
    t.register('s', two)
    expect(t.run(removeVersion(t.registry, 's', 'latest', false))).toBe(2)
    expect(versionOf(t.registry, 's', 'latest', false).version).toBe(1)
    expect(codeOf(() => versionOf(t.registry, 's', 2, false))).toBe(40402)
    expect(versionOf(t.registry, 's', 2, true).deleted).toBe(true)
    expect(t.registry.state.entry('.', 2)?.schema.text).toBe(two)
    // Compared with version 1 only, of which b is no part.
    expect(t.register('s', avroRecord({ a: 'int', b: { type: 'int', default: 0 } }))).toMatchObject({
      id: 3,
      version: 3,
    })
  })

  test('[R6] deleting twice, and for good before softly', () => {
    const t = new TestRegistry()
    t.register('s', one)
    t.register('s', two)
    expect(codeOf(() => removeSubject(t.registry, 's', true))).toBe(40405)
    expect(codeOf(() => removeVersion(t.registry, 's', 1, true))).toBe(40407)
    t.run(removeVersion(t.registry, 's', 1, false))
    expect(codeOf(() => removeVersion(t.registry, 's', 1, false))).toBe(40406)
    expect(t.run(removeSubject(t.registry, 's', false))).toEqual([2])
    expect(codeOf(() => removeSubject(t.registry, 's', false))).toBe(40404)
    expect(t.run(removeSubject(t.registry, 's', true))).toEqual([1, 2])
    expect(codeOf(() => removeSubject(t.registry, 's', false))).toBe(40401)
  })

  test('[R7] what comes back has the old id and a new version', () => {
    const t = new TestRegistry()
    t.register('s', one)
    t.run(removeSubject(t.registry, 's', false))
    expect(t.register('s', one)).toMatchObject({ id: 1, version: 2, deleted: false })
    expect(t.registry.state.versions('s', 'all').map(({ version }) => version)).toEqual([2])
  })

  test('[R8] for good is for good', () => {
    const t = new TestRegistry()
    t.register('s', one)
    t.run(putConfig(t.registry, 's', { compatibility: 'FULL' }))
    t.run(removeSubject(t.registry, 's', false))
    expect(t.registry.state.config('s')).toEqual({ compatibilityLevel: 'FULL' })
    t.run(removeSubject(t.registry, 's', true))
    expect(t.registry.state.entry('.', 1)).toBeUndefined()
    expect(t.registry.state.config('s')).toBeUndefined()
  })

  test('[R9] what is referred to stays', () => {
    const t = new TestRegistry()
    t.register('item', avroRecord({ n: 'int' }, 'Item'))
    const references = [{ name: 'Item', subject: 'item', version: 1 }]
    t.register('order', avroRecord({ item: 'Item' }), { references })
    expect(codeOf(() => removeSubject(t.registry, 'item', false))).toBe(42206)
    expect(codeOf(() => removeVersion(t.registry, 'item', 1, false))).toBe(42206)
    t.run(removeSubject(t.registry, 'order', false))
    t.run(removeSubject(t.registry, 'item', false))
    expect(codeOf(() => removeSubject(t.registry, 'item', true))).toBe(42206)
    t.run(removeSubject(t.registry, 'order', true))
    expect(t.run(removeSubject(t.registry, 'item', true))).toEqual([1])
  })

  test('[R10] looking up', () => {
    const t = new TestRegistry()
    const options = { normalize: false, withDeleted: false }
    expect(codeOf(() => lookUp(t.registry, 's', schemaOf(one), options))).toBe(40401)
    t.register('s', '{"type":"record","name":"R","fields":[{"name":"a","type":"int","x":1,"y":2}]}')
    const reordered = '{"name":"R","type":"record","fields":[{"y":2,"name":"a","type":{"type":"int"},"x":1}]}'
    expect(lookUp(t.registry, 's', schemaOf(reordered), options).version).toBe(1)
    expect(codeOf(() => lookUp(t.registry, 's', schemaOf(two), options))).toBe(40403)
    t.run(removeVersion(t.registry, 's', 1, false))
    expect(codeOf(() => lookUp(t.registry, 's', schemaOf(reordered), options))).toBe(40401)
    expect(lookUp(t.registry, 's', schemaOf(reordered), { ...options, withDeleted: true }).deleted).toBe(true)
  })

  test('[R11] [R16] metadata change without a text', () => {
    const t = new TestRegistry()
    t.register('s', one)
    expect(codeOf(() => t.register('none', ''))).toBe(42201)
    const second = t.register('s', '', { metadata: { properties: { owner: 'shop' } } })
    expect(second).toMatchObject({
      id: 2,
      version: 2,
      schema: { text: one, metadata: { properties: { owner: 'shop' } } },
    })
    t.run(putConfig(t.registry, 's', { overrideMetadata: { properties: { team: 'x' } } }))
    expect(t.register('s', two).schema.metadata).toEqual({ properties: { owner: 'shop', team: 'x' } })
    expect(codeOf(() => t.register('s', two, { ruleSet: { domainRules: [{ mode: 'WRITE' }] } }))).toBe(42210)
    const upgrade = { domainRules: [{ name: 'r', mode: 'UPGRADE' }] }
    expect(codeOf(() => t.register('s', two, { ruleSet: upgrade }))).toBe(42210)
  })

  test('[R12] names and numbers', () => {
    const t = new TestRegistry()
    for (const subject of ['__GLOBAL', 'a\u0007']) expect(codeOf(() => t.register(subject, one))).toBe(42208)
    for (const text of ['0', 'x', '1.5', '2147483648', '-2']) expect(codeOf(() => versionNumberOf(text))).toBe(42202)
    expect(versionNumberOf('-1')).toBe('latest')
    expect(t.register('ä/%2F b', one).subject).toBe('ä/%2F b')
  })
})

describe('settings and contexts', () => {
  test('[R13] scopes', () => {
    const t = new TestRegistry()
    const { state } = t.registry
    const level = (subject: string) => configInScope(state, subject).compatibilityLevel
    expect(level('s')).toBe('BACKWARD')
    t.run(putConfig(t.registry, null, { compatibility: 'full' }))
    t.run(putConfig(t.registry, ':.eu:', { compatibility: 'NONE' }))
    t.run(putConfig(t.registry, 's', { normalize: true }))
    expect([level('s'), level(':.eu:s'), level('t')]).toEqual(['FULL', 'NONE', 'FULL'])
    expect(configInScope(state, 's').normalize).toBe(true)
    t.run(putConfig(t.registry, 's', { compatibility: 'FORWARD' }))
    t.run(putConfig(t.registry, 's', { normalize: null }))
    expect(t.registry.state.config('s')).toEqual({ compatibilityLevel: 'FORWARD' })
    expect(t.run(deleteConfig(t.registry, 's'))).toEqual({ compatibilityLevel: 'FORWARD' })
    expect(codeOf(() => deleteConfig(t.registry, 's'))).toBe(40401)
    expect(codeOf(() => putConfig(t.registry, 's', { compatibility: 'SOME' }))).toBe(42203)
  })

  test('[R14] modes', () => {
    const t = new TestRegistry()
    t.register('s', one)
    expect(codeOf(() => t.register('s', two, { id: 7 }))).toBe(42205)
    expect(codeOf(() => putMode(t.registry, null, 'IMPORT', false))).toBe(42205)
    expect(codeOf(() => putMode(t.registry, null, 'SOME', false))).toBe(42204)
    t.run(putMode(t.registry, 's', 'IMPORT', true))
    expect(modeInScope(t.registry.state, 's')).toBe('IMPORT')
    expect(t.register('s', '"string"', { id: 70, version: 9 })).toMatchObject({ id: 70, version: 9 })
    expect(codeOf(() => t.register('s', '"int"', { id: 70 }))).toBe(42205)
    expect(codeOf(() => t.register('s', '"int"'))).toBe(42205)
    t.run(putMode(t.registry, null, 'READONLY_OVERRIDE', false))
    expect(codeOf(() => removeSubject(t.registry, 's', false))).toBe(42205)
  })

  test('[R15] a context has its own ids', () => {
    const t = new TestRegistry()
    t.register('s', one)
    t.register('s', two)
    expect(t.register(':.eu:s', two)).toMatchObject({ id: 1, subject: ':.eu:s' })
    expect(t.registry.state.contexts()).toEqual(['.', '.eu'])
    // References are looked up in the context of who refers.
    t.register(':.eu:item', avroRecord({ n: 'int' }, 'Item'))
    const references = [{ name: 'Item', subject: 'item', version: 1 }]
    t.register(':.eu:order', avroRecord({ item: 'Item' }), { references })
    expect(codeOf(() => t.register('order', avroRecord({ item: 'Item' }), { references }))).toBe(42201)
  })

  test('[R17] a major version of its own breaks with the others', () => {
    const t = new TestRegistry()
    t.run(putConfig(t.registry, 's', { compatibilityGroup: 'major' }))
    const major = (value: string) => ({ metadata: { properties: { major: value } } })
    t.register('s', one, major('1'))
    expect(codeOf(() => t.register('s', '"string"', major('1')))).toBe(409)
    expect(t.register('s', '"string"', major('2')).version).toBe(2)
  })
})

describe('reserved fields', () => {
  const reserved = (names: string) => ({ metadata: { properties: { 'confluent:reserved': names } } })
  const message = 'syntax = "proto3"; message A { int32 a = 1; }'

  test.each([
    ['AVRO', one],
    ['JSON', '{"type":"object","properties":{"a":{}}}'],
    ['PROTOBUF', message],
  ] as const)('[R24] of %s are no field, where the config says so', (type, text) => {
    const t = new TestRegistry()
    t.register('free', text, { type, ...reserved('a') })
    t.run(putConfig(t.registry, 's', { validateFields: true, compatibility: 'NONE' }))
    expect(codeOf(() => t.register('s', text, { type, ...reserved('b, a') }))).toBe(409)
    expect(t.register('s', text, { type, ...reserved('b, c') }).version).toBe(1)
  })

  test('[R24] stay reserved', () => {
    const t = new TestRegistry()
    t.run(putConfig(t.registry, 's', { validateFields: true, compatibility: 'NONE' }))
    t.register('s', one, reserved('b,c'))
    const check = (names: string) =>
      checkCompatibility(t.registry, 's', 'latest', schemaOf(two, reserved(names)), { verbose: true, normalize: false })
    expect(check('c').messages).toEqual([
      expect.stringContaining("errorType:'RESERVED_FIELD_REMOVED'"),
      "{validateFields: 'true', compatibility: 'NONE'}",
    ])
    expect(check('c,b').messages[0]).toContain("errorType:'FIELD_CONFLICTS_WITH_RESERVED_FIELD'")
    expect(codeOf(() => t.register('s', avroRecord({ d: 'int' }), reserved('c,b,x')))).toBe(0)
  })
})

describe('levels', () => {
  const added = avroRecord({ a: 'int', b: 'string' })
  const cases: readonly (readonly [string, boolean, boolean])[] = [
    // [level, adding a field without a default, removing one]
    ['NONE', true, true],
    ['BACKWARD', false, true],
    ['BACKWARD_TRANSITIVE', false, true],
    ['FORWARD', true, false],
    ['FORWARD_TRANSITIVE', true, false],
    ['FULL', false, false],
    ['FULL_TRANSITIVE', false, false],
  ]
  test.each(cases)('[R18] [R19] %s', (level, adding, removing) => {
    const of = (from: string, to: string) => {
      const t = new TestRegistry()
      t.run(putConfig(t.registry, 's', { compatibility: level }))
      t.register('s', from)
      return codeOf(() => t.register('s', to)) === 0
    }
    expect([of(one, added), of(added, one)]).toEqual([adding, removing])
  })

  it('[R18] transitive looks at all versions', () => {
    const verdict = (level: string) => {
      const t = new TestRegistry()
      t.run(putConfig(t.registry, 's', { compatibility: 'NONE' }))
      t.register('s', avroRecord({ a: 'string' }))
      t.register('s', avroRecord({ b: { type: 'int', default: 0 } }))
      t.run(putConfig(t.registry, 's', { compatibility: level }))
      return codeOf(() => t.register('s', avroRecord({ a: { type: 'int', default: 0 } })))
    }
    expect([verdict('BACKWARD'), verdict('BACKWARD_TRANSITIVE')]).toEqual([0, 409])
  })

  it('[R20] says what broke, where, and against which version', () => {
    const t = new TestRegistry()
    t.register('s', one)
    const check = (text: string) =>
      checkCompatibility(t.registry, 's', 'latest', schemaOf(text), { verbose: true, normalize: false })
    expect(check(added)).toEqual({
      isCompatible: false,
      messages: [
        "{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field 'b' at path '/fields/1' in the new schema has no default value and is missing in the old schema', additionalInfo:'b'}",
        '{oldSchemaVersion: 1}',
        `{oldSchema: '${one}'}`,
        "{validateFields: 'false', compatibility: 'BACKWARD'}",
      ],
    })
    expect(check('nonsense')).toMatchObject({
      isCompatible: false,
      messages: [expect.stringContaining('Invalid schema')],
    })
    expect(
      codeOf(() => checkCompatibility(t.registry, 's', 9, schemaOf(one), { verbose: false, normalize: false })),
    ).toBe(40402)
    expect(
      checkCompatibility(t.registry, 'new', 'latest', schemaOf(one), { verbose: false, normalize: false }),
    ).toEqual({
      isCompatible: true,
      messages: [],
    })
  })
})
