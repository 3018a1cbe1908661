import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  shipmentSubject,
  shipmentVersions,
  subjects,
  trackingSchema,
  trackingSubject,
} from '../../../src-main/demo/schemas'
import { demoRegistry } from '../../../src-main/demo-registry'
import { register } from '../../../src-main/registry/register'
import { TestBroker } from '../../support/core'
import { avroRecord, schemaOf } from '../../support/registry'

let broker: TestBroker
beforeEach(() => {
  broker = new TestBroker()
})
afterEach(() => broker.dispose())

const found = () => broker.core.schemas.read(({ state }) => state.subjects())
const hasTopic = () => broker.core.topics.find('_schemas') !== undefined
const open = () => demoRegistry(broker.core, broker.clock)

async function play() {
  const registry = open()
  for (const version of shipmentVersions) await registry.register(shipmentSubject, version)
  await registry.register(trackingSubject, trackingSchema)
  return registry
}

describe('the schemas of the demo', () => {
  it('are registered in two versions, which a user may add to under every level of compatibility', async () => {
    await broker.core.schemas.write((registry) => ({
      records: [{ kind: 'config', subject: null, config: { compatibilityLevel: 'FULL_TRANSITIVE' } }],
      answer: registry,
    }))
    await play()
    const versions = await broker.core.schemas.read(({ state }) => state.versions(shipmentSubject, 'live'))
    expect(versions.map(({ version }) => version)).toEqual([1, 2])
  })

  it('write values that name them', async () => {
    const registry = await play()
    const value = await registry.encode(trackingSubject, { shipment: 7, status: 'LOADED', place: 'Prague' })
    expect(value.subarray(0, 6).toString('hex')).toBe('000000000300')
    const shipment = { shipment: 1, order: 2, customer: 'ada', weight: 1.25, shippedAt: 3, carrier: 'post' }
    const avro = await registry.encode(shipmentSubject, shipment)
    expect(avro.subarray(0, 5).toString('hex')).toBe('0000000002')
  })

  it('are gone with the topic that they were the first in', async () => {
    await (await play()).remove(subjects)
    expect(await found()).toEqual([])
    expect(hasTopic()).toBe(false)
  })

  it('leave the schemas of others, whenever those were registered', async () => {
    await play()
    const mine = { ...schemaOf(avroRecord({ a: 'int' })), id: null, version: null }
    const options = { normalize: null, force: false, at: 1 }
    await broker.core.schemas.write((registry) => register(registry, 'mine', mine, options))
    // The end of the process came before the demo was stopped.
    await open().remove(subjects)
    expect(await found()).toEqual(['mine'])
    expect(hasTopic()).toBe(true)
    const again = await play()
    expect(await again.existing(subjects)).toEqual(subjects)
    await again.remove(subjects)
    expect(await found()).toEqual(['mine'])
  })
})
