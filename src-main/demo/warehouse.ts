import type { Clock } from '../base/clock'
import type { KafkaClient } from '../client/client'
import { Producer } from '../client/producer'
import { Repeated } from './repeated'
import {
  type DemoRegistry,
  shipmentSubject,
  shipments,
  shipmentVersions,
  tracking,
  trackingSchema,
  trackingSubject,
  weightScale,
} from './schemas'
import { names } from './shop'

const shipmentEveryMs = 1000
const trackingEveryMs = 700
/** So many shipments are written with the first version of their schema. */
const ofFirstVersion = 20
const carriers = ['post', 'bicycle courier', null]
const statuses = ['ANNOUNCED', 'LOADED', 'DELIVERED']
const places = ['Prague', 'Vienna', 'Berlin', 'Merano']

interface WarehouseParts {
  readonly clientOf: (clientId: string) => KafkaClient
  readonly registry: DemoRegistry
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/** Producers with schemas: a warehouse that ships parcels (Avro, in two versions) and tells where they are (Protobuf). */
export class Warehouse {
  readonly #parts: WarehouseParts
  readonly #producer: Producer
  readonly #actions: Repeated
  #shipment = 0
  #seen = 0

  constructor(parts: WarehouseParts) {
    this.#parts = parts
    this.#producer = new Producer(parts.clientOf('demo-warehouse'))
    this.#actions = new Repeated(parts)
  }

  /** @throws RegistryError when a schema cannot be registered; ClientError, KafkaError when the producer cannot begin */
  async open(): Promise<void> {
    const { registry } = this.#parts
    await registry.register(shipmentSubject, shipmentVersions[0])
    await registry.register(trackingSubject, trackingSchema)
    await this.#producer.init()
    this.#actions.every(shipmentEveryMs, () => this.#ship())
    this.#actions.every(trackingEveryMs, () => this.#track())
  }

  close(): Promise<void> {
    return this.#actions.end()
  }

  async #ship(): Promise<void> {
    const { registry } = this.#parts
    const shipment = this.#shipment++
    const isSecond = shipment >= ofFirstVersion
    if (shipment === ofFirstVersion) await registry.register(shipmentSubject, shipmentVersions[1])
    const now = this.#parts.clock.now()
    await this.#send(shipments, shipmentSubject, shipment, {
      shipment,
      order: 3 * shipment + 1,
      customer: names[shipment % names.length],
      weight: (((shipment * 173) % 9000) / 1000 + 0.25).toFixed(weightScale),
      shippedAt: now,
      ...(isSecond ? { carrier: carriers[shipment % carriers.length] } : {}),
    })
  }

  async #track(): Promise<void> {
    const seen = this.#seen++
    const shipment = Math.floor(seen / statuses.length)
    await this.#send(tracking, trackingSubject, shipment, {
      shipment,
      status: statuses[seen % statuses.length],
      place: places[seen % places.length],
    })
  }

  async #send(topic: string, subject: string, shipment: number, value: object): Promise<void> {
    const { registry, clock } = this.#parts
    const bytes = await registry.encode(subject, value)
    const key = Buffer.from(`shipment-${shipment}`)
    await this.#producer.send(topic, [{ key, value: bytes, headers: [], timestamp: clock.now() }])
  }
}
