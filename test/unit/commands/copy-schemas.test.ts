import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { RegistryClient } from '../../../src-main/client/registry-client'
import { importSchemas, schemasOf } from '../../../src-main/copy/schemas'
import { TestRest } from '../../support/rest'

let source: TestRest
let target: TestRest
let from: RegistryClient
let to: RegistryClient

beforeEach(async () => {
  source = await TestRest.start()
  target = await TestRest.start()
  const anonymous = { user: null, token: null }
  from = new RegistryClient(`http://127.0.0.1:${source.server.port}`, anonymous)
  to = new RegistryClient(`http://127.0.0.1:${target.server.port}`, anonymous)
})
afterEach(async () => {
  for (const rest of [source, target]) await rest.dispose()
})

const own = (subject: string) => subject
const recordSchema = (name: string, ...fields: readonly object[]) => ({
  schema: JSON.stringify({ type: 'record', name, fields }),
})

describe('the schemas of a copy', () => {
  it('keep their ids and versions, and bring what they refer to', async () => {
    // Ids that the target would not give by itself.
    for (const name of ['A', 'B', 'C']) await from.post(`/subjects/other-${name}/versions`, recordSchema(name))
    await from.post('/subjects/customer/versions', recordSchema('Customer', { name: 'id', type: 'long' }))
    const references = [{ name: 'Customer', subject: 'customer', version: 1 }]
    const order = recordSchema('Order', { name: 'by', type: 'Customer' })
    await from.post('/subjects/orders-value/versions', { ...order, references })
    const more = recordSchema('Order', { name: 'by', type: 'Customer' }, { name: 'n', type: 'int', default: 0 })
    await from.post('/subjects/orders-value/versions', { ...more, references })

    const found = await schemasOf(from, ['orders', 'nothing'])
    expect(found.map(({ subject, version, id }) => [subject, version, id])).toEqual([
      ['customer', 1, 4],
      ['orders-value', 1, 5],
      ['orders-value', 2, 6],
    ])
    expect(await importSchemas(to, found, own)).toBe(3)
    for (const path of ['/subjects/orders-value/versions/2', '/schemas/ids/5', '/subjects/customer/versions/1']) {
      expect(await to.get(path)).toEqual(await from.get(path))
    }
    // The subjects are as before: they take new versions, and ids follow.
    await to.post('/subjects/customer/versions', recordSchema('Customer', { name: 'id', type: 'long', default: 0 }))
    expect(await importSchemas(to, found, own)).toBe(0)
  })

  it('take the name of a copied topic', async () => {
    await from.post('/subjects/orders-value/versions', recordSchema('Order'))
    const found = await schemasOf(from, ['orders'])
    await importSchemas(to, found, (subject) => subject.replace('orders', 'copy'))
    expect(await to.get('/subjects')).toEqual(['copy-value'])
  })

  it('are not registered over others', async () => {
    await from.post('/subjects/first/versions', recordSchema('First'))
    await from.post('/subjects/orders-value/versions', recordSchema('Order'))
    await to.post('/subjects/orders-value/versions', recordSchema('Order'))
    const found = await schemasOf(from, ['orders'])
    await expect(importSchemas(to, found, own)).rejects.toThrow(
      'Version 1 of orders-value has id 1 where it is copied to, and id 2 where it comes from',
    )
  })
})
