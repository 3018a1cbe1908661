import { describe, expect, test } from 'vitest'
import { type RegistryRecord, readRecord, writeRecord } from '../../../src-main/registry/records'
import { RegistryState } from '../../../src-main/registry/state'
import { TestRegistry } from '../../support/registry'

const read = (key: string, value: string | null) =>
  readRecord(Buffer.from(key), value === null ? null : Buffer.from(value), 5)

describe('records of _schemas', () => {
  test('[R22] are Confluent’s', () => {
    const t = new TestRegistry()
    const version = t.register('s', '"string"')
    const { key, value } = writeRecord({ kind: 'schema', subject: 's', number: 1, version })
    expect(key).toBe('{"keytype":"SCHEMA","subject":"s","version":1,"magic":1}')
    expect(JSON.parse(value ?? '')).toEqual({
      subject: 's',
      version: 1,
      id: 1,
      guid: version.guid,
      schema: '"string"',
      ts: 1,
      deleted: false,
    })
    expect(writeRecord({ kind: 'config', subject: null, config: { compatibilityLevel: 'FULL' } })).toEqual({
      key: '{"keytype":"CONFIG","subject":null,"magic":0}',
      value: '{"compatibilityLevel":"FULL"}',
    })
    expect(writeRecord({ kind: 'deleteSubject', subject: 's', version: 2 })).toEqual({
      key: '{"keytype":"DELETE_SUBJECT","subject":"s","magic":0}',
      value: '{"subject":"s","version":2}',
    })
  })

  test.each<RegistryRecord>([
    { kind: 'config', subject: 's', config: { compatibilityLevel: 'NONE', normalize: true } },
    { kind: 'config', subject: null, config: null },
    { kind: 'mode', subject: ':.eu:', mode: 'IMPORT' },
    { kind: 'clearSubject', subject: 's' },
    { kind: 'schema', subject: 's', number: 3, version: null },
    { kind: 'noop' },
  ])('[R22] come back: %j', (record) => {
    const { key, value } = writeRecord(record)
    expect(read(key, value)).toEqual(record)
  })

  test('[R21] of other registries are understood', () => {
    const state = new RegistryState()
    const apply = (key: string, value: string | null) => {
      const record = read(key, value)
      if (record) state.apply(record)
    }
    // Karapace writes its keys in another order, and no guid.
    apply(
      '{"keytype":"SCHEMA","subject":"k","version":1,"magic":1}',
      '{"subject":"k","version":1,"id":4,"schemaType":"JSON","schema":"{}","deleted":false}',
    )
    apply(
      '{"keytype":"SCHEMA","subject":"k","version":2,"magic":1}',
      '{"subject":"k","version":2,"id":9,"md5":"x","schema":"\\"int\\"","deleted":true}',
    )
    expect(state.versions('k', 'live').map(({ id, schema }) => [id, schema.type])).toEqual([[4, 'JSON']])
    expect(state.maxId('.')).toBe(9)
    apply('{"keytype":"DELETE_SUBJECT","subject":"k","magic":0}', '{"subject":"k","version":1}')
    expect(state.versions('k', 'live')).toEqual([])
    apply('{"keytype":"CLEAR_SUBJECT","subject":"k","magic":0}', '{"subject":"k"}')
    expect(state.subjects()).toEqual([])
  })

  /** What a registry wrote, replayed. */
  function replayed(lines: readonly (readonly [key: string, value: string | null])[]): RegistryState {
    const state = new RegistryState()
    for (const [key, value] of lines) {
      const record = read(key, value)
      if (record) state.apply(record)
    }
    return state
  }

  test('[R21] a topic that Confluent’s registry wrote', () => {
    const schema = (subject: string, version: number, id: number, more: string, deleted = false) =>
      [
        `{"keytype":"SCHEMA","subject":"${subject}","version":${version},"magic":1}`,
        `{"subject":"${subject}","version":${version},"id":${id},"md5":"jQ7/zV2zFyuRuVX4CTgoMA==",${more},"deleted":${deleted}}`,
      ] as const
    const state = replayed([
      ['{"keytype":"NOOP","magic":0}', null],
      ['{"keytype":"CONTEXT","tenant":"default","context":".eu","magic":0}', '{"tenant":"default","context":".eu"}'],
      ['{"keytype":"CONFIG","subject":null,"magic":0}', '{"subject":null,"compatibilityLevel":"NONE"}'],
      [
        '{"keytype":"CONFIG","subject":"orders-value","magic":0}',
        '{"subject":"orders-value","compatibilityLevel":"FULL","normalize":true}',
      ],
      ['{"keytype":"MODE","subject":":.eu:","magic":0}', '{"subject":":.eu:","mode":"IMPORT"}'],
      schema('item', 1, 1, '"schema":"{\\"type\\":\\"record\\",\\"name\\":\\"Item\\",\\"fields\\":[]}"'),
      schema(
        'orders-value',
        1,
        2,
        '"guid":"8d0effcd-5db3-172b-91b9-55f809382830","schemaType":"AVRO","references":[{"name":"Item","subject":"item","version":1}],"metadata":{"properties":{"owner":"shop"}},"ruleSet":null,"schema":"[\\"null\\",\\"Item\\"]","ts":1700000000000',
      ),
      schema('p', 1, 3, '"schemaType":"PROTOBUF","references":[],"schema":"syntax = \\"proto3\\";\\n"'),
      schema('gone', 1, 4, '"schema":"\\"int\\""'),
      ['{"keytype":"DELETE_SUBJECT","subject":"gone","magic":0}', '{"subject":"gone","version":1}'],
      schema('wiped', 1, 5, '"schema":"\\"long\\""', true),
      ['{"keytype":"SCHEMA","subject":"wiped","version":1,"magic":1}', null],
      schema(':.eu:s', 1, 1, '"schema":"\\"bytes\\""'),
    ])
    expect(state.subjects()).toEqual([':.eu:s', 'gone', 'item', 'orders-value', 'p'])
    expect(state.versions('orders-value', 'live')).toEqual([
      {
        subject: 'orders-value',
        version: 1,
        id: 2,
        guid: '8d0effcd-5db3-172b-91b9-55f809382830',
        schema: {
          type: 'AVRO',
          text: '["null","Item"]',
          references: [{ name: 'Item', subject: 'item', version: 1 }],
          metadata: { properties: { owner: 'shop' } },
          ruleSet: null,
        },
        deleted: false,
        at: 1_700_000_000_000,
      },
    ])
    expect(state.referrers('item', 1)).toHaveLength(1)
    expect(state.versions('gone', 'live')).toEqual([])
    expect(state.entry('.', 5)).toBeUndefined()
    expect([state.maxId('.'), state.maxId('.eu')]).toEqual([5, 1])
    expect(state.config('orders-value')).toEqual({ compatibilityLevel: 'FULL', normalize: true })
    expect(state.config(null)).toEqual({ compatibilityLevel: 'NONE' })
    expect(state.mode(':.eu:')).toBe('IMPORT')
  })

  test('[R21] a topic that Karapace wrote: keys in another order, deleted by empty values', () => {
    const state = replayed([
      [
        '{"subject":"k","version":1,"magic":1,"keytype":"SCHEMA"}',
        '{"subject":"k","version":1,"id":1,"schema":"\\"int\\"","deleted":false}',
      ],
      [
        '{"subject":"k","version":2,"magic":1,"keytype":"SCHEMA"}',
        '{"subject":"k","version":2,"id":2,"schema":"\\"long\\"","deleted":true}',
      ],
      ['{"subject":"k","version":2,"magic":1,"keytype":"SCHEMA"}', ''],
      ['{"subject":"k","magic":0,"keytype":"CONFIG"}', '{"compatibilityLevel":"FORWARD"}'],
      ['{"subject":null,"magic":0,"keytype":"CONFIG"}', '{"compatibilityLevel":"FULL"}'],
      ['{"subject":null,"magic":0,"keytype":"CONFIG"}', ''],
    ])
    expect(state.versions('k', 'all').map(({ version, id }) => [version, id])).toEqual([[1, 1]])
    expect(state.maxId('.')).toBe(2)
    expect([state.config('k'), state.config(null)]).toEqual([{ compatibilityLevel: 'FORWARD' }, undefined])
  })

  test.each([
    ['no JSON', '{}'],
    ['{"keytype":"OTHER"}', '{}'],
    ['{"keytype":"SCHEMA","subject":"s"}', '{}'],
    ['{"keytype":"SCHEMA","subject":"s","version":1}', '{"id":"x","schema":"1"}'],
    ['{"keytype":"MODE","subject":"s"}', '{"mode":"FAST"}'],
    ['[]', null],
  ])('[R21] what is none is left alone: %s', (key, value) => {
    expect(read(key, value)).toBeUndefined()
  })
})
