import type { TopicPartitionKey } from '../../src-main/base/topic-partition'
import { readCommand } from '../../src-main/scenarios/grammar'
import {
  addPartitions,
  type Decision,
  end,
  expiresAt,
  fence,
  init,
  newTransaction,
  producerProblem,
  type Transaction,
  type TransactionVersion,
} from '../../src-main/transactions/coordinator'
import { deepFreeze } from './freeze'

/** What a client knows of itself. */
interface Client {
  producerId: string
  epoch: number
}

/** One transactional id that is driven by commands; writes down what happens. Partitions are written `t0`. */
export class TransactionDriver {
  transaction: Transaction | undefined
  now = 0
  readonly trace: string[] = []
  readonly #clients = new Map<string, Client>()
  #clusterVersion: TransactionVersion = 2
  #lastProducerId = 99

  run(line: string): void {
    const { verb, who, options } = readCommand(line)
    const client = this.#clients.get(who) ?? { producerId: '-1', epoch: -1 }
    const producer = {
      producerId: options.id ?? client.producerId,
      producerEpoch: options.epoch === undefined ? client.epoch : Number(options.epoch),
    }
    const clientVersion = options.old === 'yes' ? 0 : 2
    switch (verb) {
      case 'cluster':
        this.#clusterVersion = options.version === '2' ? 2 : 0
        return
      case 'pass':
        this.#pass(Number(who))
        return
      case 'restart':
        this.transaction = deepFreeze(JSON.parse(JSON.stringify(this.transaction)) as Transaction)
        this.trace.push(`restarted: ${this.#state()}`)
        return
      case 'wear':
        // As after many transactions.
        this.transaction = deepFreeze({ ...this.#known(), producerEpoch: Number(options.epoch) })
        client.epoch = Number(options.epoch)
        return
      case 'init':
      case 'recover': {
        const names = verb === 'recover' || options.id !== undefined
        const request = {
          timeoutMs: Number(options.timeout ?? 60_000),
          producerId: names ? producer.producerId : '-1',
          producerEpoch: names ? producer.producerEpoch : -1,
          freshProducerId: this.#fresh(),
          clusterVersion: this.#clusterVersion,
        }
        const decision = init(this.transaction ?? newTransaction('tx', request, this.now), request, this.now)
        const { producerId, producerEpoch: epoch } = decision.transaction
        if (decision.error === 'NONE') this.#clients.set(who, { producerId, epoch })
        this.#told(`${who} ${verb}s`, decision, decision.error === 'NONE' ? ` ${producerId}@${epoch}` : '')
        return
      }
      case 'add': {
        const problem = producerProblem(this.transaction, producer)
        // Scenarios name partitions in short.
        const partitions = (options.to ?? 't0').split(',') as TopicPartitionKey[]
        const transaction = problem ? this.#known() : addPartitions(this.#known(), partitions, clientVersion, this.now)
        this.#told(`${who} adds ${partitions}`, { transaction, error: problem ?? 'NONE' })
        return
      }
      case 'commit':
      case 'abort': {
        const request = { ...producer, committed: verb === 'commit', clientVersion, freshProducerId: this.#fresh() }
        const decision = end(this.#known(), request as Parameters<typeof end>[1], this.now)
        const { producerId, producerEpoch: epoch } = decision.transaction
        const goesOn = decision.error === 'NONE' && clientVersion === 2
        if (goesOn && options.lost !== 'yes') this.#clients.set(who, { producerId, epoch })
        this.#told(`${who} ${verb}s`, decision, goesOn ? ` ${producerId}@${epoch}` : '')
        return
      }
      default:
        throw new Error(`there is no command ${verb}`)
    }
  }

  #known(): Transaction {
    if (!this.transaction) throw new Error('nobody has asked for the id')
    return this.transaction
  }

  #fresh(): string {
    return String(++this.#lastProducerId)
  }

  #pass(ms: number): void {
    const last = this.now + ms
    for (;;) {
      const at = this.transaction && expiresAt(this.transaction)
      if (at === undefined || at > last) break
      this.now = Math.max(this.now, at)
      const request = { freshProducerId: this.#fresh(), clusterVersion: this.#clusterVersion }
      this.#told('it takes too long', fence(this.#known(), request, this.now))
    }
    this.now = last
  }

  #told(what: string, { transaction, error, markers }: Decision, more = ''): void {
    const before = this.#state()
    this.transaction = deepFreeze(transaction)
    this.trace.push(`${this.now}: ${what}: ${error}${more}`)
    if (markers) {
      const { committed, producerId, producerEpoch, partitions } = markers
      const where = partitions.length > 0 ? ` in ${partitions.join(',')}` : ' nowhere'
      this.trace.push(`  ${committed ? 'commit' : 'abort'} markers of ${producerId}@${producerEpoch}${where}`)
    }
    const after = this.#state()
    if (after !== before) this.trace.push(`  = ${after}`)
  }

  #state(): string {
    if (!this.transaction) return 'nothing'
    const { state, producerId, producerEpoch, lastProducerEpoch, partitions } = this.transaction
    const last = lastProducerEpoch < 0 ? '' : ` last epoch ${lastProducerEpoch}`
    return `${state} ${producerId}@${producerEpoch}${last}${partitions.length > 0 ? ` in ${partitions.join(',')}` : ''}`
  }
}
