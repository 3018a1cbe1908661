import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import { putConfig } from '../../../src-main/registry/modes'
import { register } from '../../../src-main/registry/register'
import { removeSubject } from '../../../src-main/registry/remove'
import type { RegistryError, Version } from '../../../src-main/registry/schema'
import { batchOf, TestBroker } from '../../support/core'
import { avroRecord, schemaOf } from '../../support/registry'

let folder: string
let broker: TestBroker
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-registry-'))
  broker = new TestBroker({}, join(folder, 'test.ottla'))
})
afterEach(async () => {
  await broker.dispose()
  rmSync(folder, { recursive: true, force: true })
})

const one = avroRecord({ a: 'int' })
const add = (subject: string, text: string): Promise<Version> =>
  broker.core.schemas.write((registry) =>
    register(
      registry,
      subject,
      { ...schemaOf(text), id: null, version: null },
      { normalize: null, force: false, at: 1 },
    ),
  )
const subjects = () => broker.core.schemas.read(({ state }) => state.subjects())

describe('the registry of a broker', () => {
  it('makes its topic with the first write, compacted, and replays it after a restart', async () => {
    expect(await subjects()).toEqual([])
    expect(broker.core.topics.find('_schemas')).toBeUndefined()
    expect((await add('s', one)).id).toBe(1)
    expect(broker.core.configs.topic('_schemas').compact).toBe(true)
    await broker.core.schemas.write((registry) => putConfig(registry, 's', { compatibility: 'NONE' }))
    await broker.dispose()
    broker = new TestBroker({}, join(folder, 'test.ottla'))
    expect(await subjects()).toEqual(['s'])
    expect(await broker.core.schemas.read(({ state }) => state.config('s'))).toEqual({ compatibilityLevel: 'NONE' })
  })

  it('gives no id twice, also when the topic was compacted and read again', async () => {
    await add('s', one)
    await add('t', '"string"')
    for (const permanent of [false, true]) {
      await broker.core.schemas.write((registry) => removeSubject(registry, 't', permanent))
    }
    await broker.dispose()
    broker = new TestBroker({ 'log.cleaner.delete.retention.ms': '0' }, join(folder, 'test.ottla'))
    await broker.broker.maintenance.run()
    expect((await add('u', '"int"')).id).toBe(3)
  })

  it('sees what another registry writes into the topic', async () => {
    await add('s', one)
    const key = '{"keytype":"SCHEMA","subject":"k","version":1,"magic":1}'
    const value = '{"subject":"k","version":1,"id":8,"schema":"\\"int\\"","deleted":false}'
    let told = 0
    broker.core.schemas.changed(() => void told++)
    const { errorCode } = await broker
      .client()
      .produce('_schemas', batchOf([value, 'junk'], { key: (i) => (i === 0 ? key : 'x') }))
    expect(errorCode).toBe(0)
    expect(await subjects()).toEqual(['k', 's'])
    expect(told).toBe(1)
    expect((await add('u', '"long"')).id).toBe(9)
  })

  it('starts again when its topic is deleted', async () => {
    await add('s', one)
    const topic = broker.core.topics.find('_schemas')
    if (topic) broker.core.topics.delete(topic)
    await broker.core.commits.settled
    expect(await subjects()).toEqual([])
    expect((await add('t', one)).id).toBe(1)
  })

  test('a full disk is 50001, and nothing is stored', async () => {
    await add('s', one)
    broker.workspace.limitFile(broker.workspace.fileBytes())
    const large = avroRecord({ a: { type: 'string', default: 'x'.repeat(3_000_000) } }, 'Large')
    const failure = await add('t', large).then(
      () => null,
      (error: RegistryError) => error.code,
    )
    expect(failure).toBe(50001)
    expect(await subjects()).toEqual(['s'])
    broker.workspace.limitFile(1_000_000_000)
    expect((await add('t', '"string"')).id).toBe(2)
  })

  it.each([
    ['at once', 1],
    ['in slices', 1200],
  ])('goes on behind a damaged row of its topic, replayed %s', async (_, each) => {
    const key = (subject: string) => JSON.stringify({ keytype: 'SCHEMA', subject, version: 1, magic: 1 })
    const value = (subject: string, id: number) =>
      JSON.stringify({ subject, version: 1, id, schema: `{"type":"int","n":${id}}`, deleted: false })
    const reopen = async (change: (database: Sqlite.Database) => void = () => {}) => {
      await broker.dispose()
      const database = new Sqlite(join(folder, 'test.ottla'))
      change(database)
      database.close()
      broker = new TestBroker({}, join(folder, 'test.ottla'))
    }
    const names = (row: number) => Array.from({ length: each }, (__, i) => `row${row}-${i}`)
    let id = 0
    for (const row of [0, 1, 2]) {
      if (row === 0) await add('first', '"string"')
      const all = names(row)
      const values = all.map((subject) => value(subject, ++id + 1))
      await broker.client().produce('_schemas', batchOf(values, { key: (i) => key(all[i] ?? '') }))
      // All batches have rows when the file was closed.
      await reopen()
    }
    await reopen((database) => {
      database.exec(
        `UPDATE batches SET bytes = zeroblob(size_bytes) WHERE last_offset =
           (SELECT last_offset FROM batches WHERE last_offset > ${each} ORDER BY last_offset LIMIT 1)`,
      )
    })
    const expected = ['first', ...names(0), ...names(2)].sort()
    expect(await subjects()).toEqual(expected)
    expect(await subjects()).toEqual(expected)
    expect(broker.logged).toEqual([
      expect.stringContaining(
        `Offsets ${each + 1} to ${2 * each} of _schemas cannot be read, and the registry goes on without them: Record batch`,
      ),
    ])
    // No id is given twice, though the schema of one cannot be read.
    expect((await add('next', '"long"')).id).toBe(3 * each + 2)
  })

  it('replays a long topic in slices', async () => {
    const values = Array.from({ length: 3000 }, (_, i) =>
      JSON.stringify({ subject: `s${i}`, version: 1, id: i + 1, schema: `{"type":"int","n":${i}}`, deleted: false }),
    )
    await add('first', '"string"')
    await broker
      .client()
      .produce(
        '_schemas',
        batchOf(values, { key: (i) => JSON.stringify({ keytype: 'SCHEMA', subject: `s${i}`, version: 1, magic: 1 }) }),
      )
    await broker.dispose()
    broker = new TestBroker({}, join(folder, 'test.ottla'))
    const [a, b] = await Promise.all([subjects(), subjects()])
    expect(a).toHaveLength(3001)
    expect(b).toEqual(a)
  })
})

describe('schema validation on the broker', () => {
  const framed = (id: number) => `\u0000\u0000\u0000\u0000${String.fromCharCode(id)}x`
  const produce = (topic: string, value: string | null) => broker.client().produce(topic, batchOf([value]))

  it('takes only values that name a schema of their subject', async () => {
    await add('t-value', '"string"')
    await add('other', '"int"')
    await broker.client().create('t', 1, { 'confluent.value.schema.validation': 'true' })
    expect((await produce('t', framed(1))).errorCode).toBe(0)
    expect((await produce('t', null)).errorCode).toBe(0)
    for (const [value, why] of [
      [framed(2), 'names schema 2, which is not registered under t-value'],
      [framed(9), 'names schema 9, which is not registered'],
      ['plain', 'names no schema'],
    ] as const) {
      const answer = await produce('t', value)
      expect(answer.errorCode).toBe(87)
      expect(answer.errorMessage).toContain(why)
    }
    expect(broker.core.topics.find('t')?.partition(0)?.highWatermark).toBe(2)
  })

  it('finds the subject by the strategy of the topic, and is off unless it is set', async () => {
    await add('R', one)
    const strategy = 'io.confluent.kafka.serializers.subject.RecordNameStrategy'
    await broker.client().create('t', 1, {
      'confluent.value.schema.validation': 'true',
      'confluent.value.subject.name.strategy': strategy,
    })
    await broker.client().create('u', 1)
    expect((await produce('t', framed(1))).errorCode).toBe(0)
    expect((await produce('u', 'plain')).errorCode).toBe(0)
  })
})
