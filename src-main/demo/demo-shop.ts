import type { Kafka, Producer, Transaction } from 'kafkajs'
import type { Clock } from '../base/clock'

export const orders = 'demo-orders'
export const payments = 'demo-payments'
export const customers = 'demo-customers'

/** Largest record of the customers' topic: what is longer is refused, as it happens in real life. */
export const customerBytes = 4096

/** Clients of the demo: some of what they do fails on purpose. */
export function isOfDemo(clientId: string | null): boolean {
  return clientId?.startsWith('demo-') ?? false
}

const ordersEveryMs = 250
const customersEveryMs = 1000
const paymentsEveryMs = 2500
/** For so long a transaction is open, so that one can be seen. */
const openMs = 1200
/** Each so-manyth transaction is aborted, customer forgotten (a tombstone), photograph too large. */
const abortedEvery = 5
const forgottenEvery = 7
const tooLargeEvery = 30
/** The first comes soon. */
const firstTooLarge = 4
const tills = ['demo-till-1', 'demo-till-2']
const names =
  'ada grace linus margaret dennis barbara ken radia alan edsger frances donald jean tony hedy niklaus'.split(' ')
const items = ['tea', 'lamp', 'notebook', 'chair', 'bicycle', 'violin']
const headers = { source: 'demo-shop', 'content-type': 'application/json' }

interface ShopParts {
  readonly kafkaOf: (clientId: string) => Kafka
  readonly clock: Clock
  readonly onError: (error: unknown) => void
}

/** What writes in the demo: a shop with orders, tills that take payments in transactions, and its list of customers. */
export class Shop {
  readonly #parts: ShopParts
  readonly #orders: Producer
  readonly #customers: Producer
  readonly #tills: readonly Producer[]
  #ends: (() => void)[] = []
  #isOpen = false
  #order = 1
  #customer = 0
  #payment = 0

  constructor(parts: ShopParts) {
    this.#parts = parts
    const settings = { allowAutoTopicCreation: false, retry: { retries: 2 } }
    this.#orders = parts.kafkaOf('demo-shop').producer(settings)
    this.#customers = parts.kafkaOf('demo-crm').producer(settings)
    this.#tills = tills.map((transactionalId) =>
      parts.kafkaOf(transactionalId).producer({
        ...settings,
        transactionalId,
        idempotent: true,
        maxInFlightRequests: 1,
        transactionTimeout: 30_000,
      }),
    )
  }

  /** @throws Error when the producers cannot connect */
  async open(): Promise<void> {
    this.#isOpen = true
    await Promise.all(this.#producers.map((producer) => producer.connect()))
    this.#repeat(ordersEveryMs, () => this.#takeOrders())
    this.#repeat(customersEveryMs, () => this.#keepCustomer())
    this.#repeat(paymentsEveryMs, () => this.#takePayments())
  }

  async close(): Promise<void> {
    this.#isOpen = false
    for (const end of this.#ends.splice(0)) end()
    await Promise.all(this.#producers.map((producer) => producer.disconnect()))
  }

  get #producers(): Producer[] {
    return [this.#orders, this.#customers, ...this.#tills]
  }

  /** Clients that are being stopped may still have something on its way. */
  #try(deed: Promise<unknown>): void {
    deed.catch((error: unknown) => {
      if (this.#isOpen) this.#parts.onError(error)
    })
  }

  #takeOrders(): void {
    const sent = Array.from({ length: 3 + (this.#order % 7) }, () => this.#nextOrder())
    const messages = sent.map((order) => ({ key: order.customer, value: JSON.stringify(order), headers }))
    this.#try(this.#orders.send({ topic: orders, messages }))
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

  /** Customers are kept by key: the newest counts, and a tombstone forgets one. */
  #keepCustomer(): void {
    const number = this.#customer++
    const key = names[number % names.length] as string
    const customer = { name: key, visits: number, since: '2026-01-31' }
    if (number % tooLargeEvery === firstTooLarge) {
      const photograph = 'x'.repeat(2 * customerBytes)
      // It is meant to be refused: the Clients page shows by whom and why.
      this.#customers
        .send({ topic: customers, messages: [{ key, value: JSON.stringify({ ...customer, photograph }), headers }] })
        .catch(() => {})
      return
    }
    const value = number % forgottenEvery === forgottenEvery - 1 ? null : JSON.stringify(customer)
    this.#try(this.#customers.send({ topic: customers, messages: [{ key, value, headers }] }))
  }

  #takePayments(): void {
    const number = this.#payment++
    const till = this.#tills[number % this.#tills.length]
    if (till) this.#try(this.#pay(till, number))
  }

  async #pay(till: Producer, number: number): Promise<void> {
    const transaction = await till.transaction()
    const messages = Array.from({ length: 2 + (number % 4) }, (_, i) => ({
      key: names[(number + i) % names.length] as string,
      value: JSON.stringify({ payment: number * 10 + i, amount: ((number * 53 + i * 17) % 500) / 10 + 1 }),
      headers,
    }))
    await transaction.send({ topic: payments, messages })
    await this.#wait(openMs)
    await this.#settle(transaction, number)
  }

  async #settle(transaction: Transaction, number: number): Promise<void> {
    if (!this.#isOpen || number % abortedEvery === abortedEvery - 1) await transaction.abort()
    else await transaction.commit()
  }

  #wait(ms: number): Promise<void> {
    const { clock } = this.#parts
    return new Promise((resolve) => void clock.at(clock.now() + ms, resolve))
  }

  #repeat(everyMs: number, run: () => void): void {
    const { clock } = this.#parts
    let cancel = clock.at(clock.now() + everyMs, function again() {
      cancel = clock.at(clock.now() + everyMs, again)
      run()
    })
    this.#ends.push(() => cancel())
  }
}
