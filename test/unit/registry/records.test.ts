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
