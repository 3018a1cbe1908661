import type { Clock } from '../base/clock'
import type { KafkaClient } from '../client/client'
import { KafkaError } from '../client/failures'
import { Producer } from '../client/producer'
import { pause } from '../client/retry'
import type { NewRecord } from '../records/encode'
import { Repeated } from './repeated'

export const orders = 'demo-orders'
export const payments = 'demo-payments'
export const customers = 'demo-customers'

/** Largest record of the customers' topic: a longer one is rejected, as it happens in real life. */
export const customerBytes = 4096

const ordersEveryMs = 250
const customersEveryMs = 1000
const paymentsEveryMs = 2500
/** How long a transaction stays open, so that one can be seen. */
const openMs = 1200
/** Every so many times: a transaction is aborted, a customer is deleted (a tombstone), a photograph is too large. */
const abortedEvery = 5
const deletedEvery = 7
const tooLargeEvery = 30
/** The first one comes soon. */
const firstTooLarge = 4
const tills = ['demo-till-1', 'demo-till-2']
export const names =
  'ada grace linus margaret dennis barbara ken radia alan edsger frances donald jean tony hedy niklaus'.split(' ')
const items = ['tea', 'lamp', 'notebook', 'chair', 'bicycle', 'violin']
const headers = [
  { key: 'source', value: Buffer.from('demo-shop') },
  { key: 'content-type', value: Buffer.from('application/json') },
]

interface ShopParts {
  readonly clientOf: (clientId: string) => KafkaClient
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/** The producers of the demo: a shop with orders, tills that take payments in transactions, and its list of customers. */
export class Shop {
  readonly #parts: ShopParts
  readonly #orders: Producer
  readonly #customers: Producer
  readonly #tills: readonly Producer[]
  readonly #actions: Repeated
  #isOpen = false
  #order = 1
  #customer = 0
  #payment = 0

  constructor(parts: ShopParts) {
    this.#parts = parts
    this.#actions = new Repeated(parts)
    this.#orders = new Producer(parts.clientOf('demo-shop'))
    this.#customers = new Producer(parts.clientOf('demo-crm'))
    this.#tills = tills.map(
      (transactionalId) =>
        new Producer(parts.clientOf(transactionalId), { transactionalId, transactionTimeoutMs: 30_000 }),
    )
  }

  /** @throws ClientError, KafkaError when the producers cannot begin */
  async open(): Promise<void> {
    this.#isOpen = true
    await Promise.all([this.#orders, this.#customers, ...this.#tills].map((producer) => producer.init()))
    this.#actions.every(ordersEveryMs, () => this.#takeOrders())
    this.#actions.every(customersEveryMs, () => this.#keepCustomer())
    this.#actions.every(paymentsEveryMs, () => this.#takePayments())
  }

  /** Begins nothing more, and waits for what is under way. */
  async close(): Promise<void> {
    this.#isOpen = false
    await this.#actions.end()
  }

  async #takeOrders(): Promise<void> {
    const sent = Array.from({ length: 3 + (this.#order % 7) }, () => this.#nextOrder())
    await this.#orders.send(
      orders,
      sent.map((order) => this.#record(order.customer, order)),
    )
  }

  #nextOrder() {
    const order = this.#order++
    return {
      order,
      customer: names[order % names.length] as string,
      item: items[(order * 7) % items.length] as string,
      quantity: 1 + (order % 4),
      price: ((order * 37) % 900) / 10 + 5,
      at: new Date(this.#parts.clock.now()).toISOString(),
    }
  }

  /** Customers are kept by key: the newest record is valid, and a tombstone deletes one. */
  async #keepCustomer(): Promise<void> {
    const number = this.#customer++
    const key = names[number % names.length] as string
    const customer = { name: key, visits: number, since: '2026-01-31' }
    if (number % tooLargeEvery === firstTooLarge) {
      const photograph = 'x'.repeat(2 * customerBytes)
      try {
        await this.#customers.send(customers, [this.#record(key, { ...customer, photograph })])
      } catch (error) {
        // The rejection is on purpose: the Clients page shows it.
        if (!(error instanceof KafkaError && error.error === 'MESSAGE_TOO_LARGE')) throw error
      }
      return
    }
    const isDeleted = number % deletedEvery === deletedEvery - 1
    await this.#customers.send(customers, [this.#record(key, isDeleted ? null : customer)])
  }

  async #takePayments(): Promise<void> {
    const number = this.#payment++
    const till = this.#tills[number % this.#tills.length] as Producer
    till.begin()
    let isGood = false
    try {
      await till.send(
        payments,
        Array.from({ length: 2 + (number % 4) }, (_, i) =>
          this.#record(names[(number + i) % names.length] as string, {
            payment: number * 10 + i,
            amount: ((number * 53 + i * 17) % 500) / 10 + 1,
          }),
        ),
      )
      await pause(this.#parts.clock, openMs)
      isGood = this.#isOpen && number % abortedEvery !== abortedEvery - 1
    } finally {
      await (isGood ? till.commit() : till.abort())
    }
  }

  #record(key: string, value: object | null): NewRecord {
    return {
      key: Buffer.from(key),
      value: value && Buffer.from(JSON.stringify(value)),
      headers,
      timestamp: this.#parts.clock.now(),
    }
  }
}
