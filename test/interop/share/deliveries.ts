import { Admin, Member, type Play, settled } from './play'

const accept = 1
const release = 2
const reject = 3
const renew = 4

const values = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `v${from + i}`)

/** A topic of its own with so many records in one batch, and a group that begins with the first. */
async function prepared(play: Play, name: string, count: number, configs: Record<string, string> = {}) {
  const admin = await Admin.of(play)
  const topicId = await admin.create(name)
  if (count > 0) await admin.produce(name, values(count))
  if (Object.keys(configs).length > 0) await admin.configure(32, name, configs)
  await admin.begin(name, name)
  return { admin, topicId, member: (id: string) => Member.of(play, id, name, topicId) }
}

/** What becomes of records that are handed out. */
export const deliveries = {
  'each record once, in two partitions': async (play: Play) => {
    const admin = await Admin.of(play)
    const topicId = await admin.create('once', 2)
    for (const partition of [0, 1]) await admin.produce('once', values(5), partition)
    await admin.configure(32, 'once', { 'share.auto.offset.reset': 'earliest' })
    const a = await Member.of(play, 'a', 'once', topicId, [0, 1])
    await a.join(['once'], 2)
    const seen = new Map<string, string>()
    // Which partition comes first, and whether both come at once, is open.
    await settled(
      async () => {
        const { responses } = await a.asked({ maxWaitMs: 1000 })
        for (const { partitions } of responses) {
          for (const { partitionIndex, acquiredRecords } of partitions) {
            for (const { firstOffset, lastOffset, deliveryCount } of acquiredRecords) {
              seen.set(`${partitionIndex}: ${firstOffset}-${lastOffset}`, `x${deliveryCount}`)
            }
          }
        }
        return seen.size
      },
      (size) => size === 2,
    )
    play.say('acquired', [...seen].sort())
    const batches = [{ firstOffset: 0n, lastOffset: 4n, acknowledgeTypes: [accept] }]
    const partitions = [0, 1].map((partitionIndex) => ({ partitionIndex, acknowledgementBatches: batches }))
    await a.acknowledge([[0, 4, accept]], { topics: [{ topicId, partitions }] })
    await admin.lag('once', 'once', 0, 0)
    await a.nothing()
  },

  'accept, release and reject, record by record': async (play: Play) => {
    const { admin, member } = await prepared(play, 'mixed', 6)
    const a = await member('a')
    await a.fetch()
    await a.acknowledge([[0, 5, accept, release, reject, accept, release, accept]])
    await a.fetch()
    await admin.lag('mixed', 'mixed', 2)
    await a.acknowledge([
      [1, 1, accept],
      [4, 4, accept],
    ])
    await admin.lag('mixed', 'mixed', 0)
    await a.nothing()
  },

  'gaps, and several batches of one acknowledgement': async (play: Play) => {
    const { admin, member } = await prepared(play, 'gaps', 8)
    const a = await member('a')
    await a.fetch()
    await a.acknowledge([
      [0, 1, accept],
      [2, 3, 0],
      [4, 7, accept, 0, release, accept],
    ])
    await admin.lag('gaps', 'gaps', 1)
    await a.fetch()
    await a.acknowledge([[6, 6, accept]])
    await admin.lag('gaps', 'gaps', 0)
  },

  'released until the delivery count limit': async (play: Play) => {
    const { admin, member } = await prepared(play, 'limit', 1)
    const a = await member('a')
    for (let round = 0; round < 5; round++) {
      await a.fetch()
      await a.acknowledge([[0, 0, release]])
    }
    await a.nothing()
    await admin.lag('limit', 'limit', 0)
  },

  'a bad record among others is isolated': async (play: Play) => {
    const { admin, member } = await prepared(play, 'poison', 20)
    const a = await member('a')
    for (let round = 0; round < 40; round++) {
      const { responses } = await a.fetch({ maxWaitMs: 500 })
      const acquired = responses.flatMap(({ partitions }) =>
        partitions.flatMap(({ acquiredRecords }) => acquiredRecords),
      )
      if (acquired.length === 0) break
      // Offset 13 makes all that come with it fail.
      const isBad = acquired.some(({ firstOffset, lastOffset }) => firstOffset <= 13n && lastOffset >= 13n)
      await a.acknowledge(
        acquired.map(({ firstOffset, lastOffset }) => [
          Number(firstOffset),
          Number(lastOffset),
          isBad ? release : accept,
        ]),
      )
    }
    await admin.lag('poison', 'poison', 0)
  },

  'the delivery count limit is lowered meanwhile': async (play: Play) => {
    const { admin, member } = await prepared(play, 'lowered', 2, { 'share.delivery.count.limit': '5' })
    const a = await member('a')
    for (let round = 0; round < 3; round++) {
      await a.fetch()
      await a.acknowledge([[0, 1, release]])
    }
    await admin.configure(32, 'lowered', { 'share.delivery.count.limit': '2' })
    await a.fetch()
    await a.acknowledge([[0, 0, release]])
    await admin.lag('lowered', 'lowered', 1)
    await a.fetch()
    await a.acknowledge([[1, 1, accept]])
  },

  'a lock ends, and the acknowledgement comes too late': async (play: Play) => {
    const { admin, member } = await prepared(play, 'late', 3, { 'share.record.lock.duration.ms': '1000' })
    const [a, b] = [await member('a'), await member('b')]
    await a.fetch()
    await b.fetch()
    await a.acknowledge([[0, 2, accept]])
    await a.acknowledge([[0, 2, renew]], { isRenewAck: true })
    await b.acknowledge([[0, 2, accept]])
    await admin.lag('late', 'late', 0)
  },

  'a renewed lock does not end': async (play: Play) => {
    const { admin, member } = await prepared(play, 'renewed', 2, { 'share.record.lock.duration.ms': '1000' })
    const [a, b] = [await member('a'), await member('b')]
    await a.fetch()
    const none = { maxWaitMs: 0, minBytes: 0, maxBytes: 0, maxRecords: 0 }
    for (let round = 0; round < 4; round++) {
      await a.fetch({ ...none, isRenewAck: true }, [[0, 1, renew]])
      await b.nothing({ maxWaitMs: 500 })
    }
    await a.acknowledge([[0, 0, renew]], { isRenewAck: true })
    await a.acknowledge([[0, 1, accept]])
    await admin.lag('renewed', 'renewed', 0)
  },

  'what a renewal may not say': async (play: Play) => {
    const { admin, member } = await prepared(play, 'unrenewed', 2)
    const a = await member('a')
    await a.fetch()
    await a.acknowledge([[0, 1, renew]])
    await a.fetch({ isRenewAck: true }, [[0, 1, renew]])
    await a.fetch({ isRenewAck: true, maxWaitMs: 0, minBytes: 0, maxBytes: 0 }, [[0, 1, renew]])
    await a.acknowledge([[0, 1, renew]], {}, 1)
    await admin.configure(32, 'unrenewed', { 'share.renew.acknowledge.enable': 'false' })
    await a.acknowledge([[0, 1, renew]], { isRenewAck: true })
    await a.acknowledge([[0, 1, accept]], { isRenewAck: true })
  },

  'what an acknowledgement may not say': async (play: Play) => {
    const { admin, member } = await prepared(play, 'refused', 6)
    const [a, b] = [await member('a'), await member('b')]
    await a.fetch({ maxRecords: 6 })
    await a.acknowledge([[3, 2, accept]])
    await a.acknowledge([
      [0, 3, accept],
      [2, 4, accept],
    ])
    await a.acknowledge([[0, 1]])
    await a.acknowledge([[0, 2, accept, accept]])
    await a.acknowledge([[0, 1, 5]])
    await a.acknowledge([[0, 1, -1]])
    await a.acknowledge([[0, 9, accept]])
    await a.acknowledge([[7, 9, accept]])
    await a.acknowledge([
      [0, 1, accept],
      [4, 9, accept],
    ])
    await admin.lag('refused', 'refused', 6)
    await b.nothing()
    await b.acknowledge([[0, 1, accept]])
    await a.acknowledge([[0, 1, accept]])
    await a.acknowledge([[0, 1, accept]])
    await a.acknowledge([[0, 3, accept]])
    await a.acknowledge([[4, 4, accept]])
    await a.acknowledge([[4, 4, accept]])
    await a.acknowledge([[5, 5, reject]])
    await a.acknowledge([[5, 5, accept]])
    await admin.lag('refused', 'refused', 0)
  },

  'record_limit hands out no more than asked for': async (play: Play) => {
    const { admin, member } = await prepared(play, 'exact', 5)
    const [a, b] = [await member('a'), await member('b')]
    await a.fetch({ maxRecords: 1, batchSize: 1, shareAcquireMode: 1 })
    await b.fetch({ maxRecords: 1, batchSize: 1, shareAcquireMode: 1 })
    await b.acknowledge([[1, 1, release]])
    await b.fetch({ maxRecords: 2, batchSize: 1, shareAcquireMode: 1 })
    await a.fetch({ maxRecords: 10, batchSize: 1, shareAcquireMode: 1 }, [[0, 0, accept]])
    await b.acknowledge([[1, 2, accept]])
    await a.acknowledge([[3, 4, accept]])
    await admin.lag('exact', 'exact', 0)
  },

  'batch_optimized is rounded up to record batches, and cut at them': async (play: Play) => {
    const { admin, member } = await prepared(play, 'rounded', 0)
    for (let batch = 0; batch < 6; batch++) await admin.produce('rounded', values(3, batch * 3))
    const a = await member('a')
    await a.fetch({ maxRecords: 4, batchSize: 4 })
    await a.fetch({ maxRecords: 100, batchSize: 2 })
    await a.acknowledge([[0, 17, accept]])
    await admin.lag('rounded', 'rounded', 0)
  },

  'a batch that is larger than maxBytes': async (play: Play) => {
    const { admin, member } = await prepared(play, 'large', 0)
    await admin.produce('large', ['x'.repeat(2000), 'y'.repeat(2000)])
    const a = await member('a')
    await a.asked({ maxBytes: 100 }).then(({ responses }) => {
      play.say(
        'acquired',
        responses.flatMap(({ partitions }) => partitions.map((one) => one.acquiredRecords)),
      )
    })
    await a.fetch({ maxBytes: 0, maxWaitMs: 300 })
    await a.fetch({ maxRecords: 0, maxWaitMs: 300 })
    await a.nothing({ minBytes: 100_000 })
  },

  'all locks are taken by one slow member': async (play: Play) => {
    const { admin, member } = await prepared(play, 'slow', 0, { 'share.partition.max.record.locks': '100' })
    for (let batch = 0; batch < 6; batch++) await admin.produce('slow', values(25, batch * 25))
    const [a, b] = [await member('a'), await member('b')]
    const asked = async (who: Member, wish = {}) => {
      const { responses } = await who.asked(wish)
      const acquired = responses.flatMap(({ partitions }) => partitions.map((one) => one.acquiredRecords))
      play.say(`${who.name} acquired`, acquired)
    }
    await asked(a)
    await asked(b, { maxWaitMs: 300 })
    await a.acknowledge([[30, 39, release]])
    await asked(b)
    await asked(b, { maxWaitMs: 300 })
    await a.acknowledge([[0, 24, accept]])
    await asked(b)
    await admin.lag('slow', 'slow', 125)
  },

  'two groups on one topic do not see each other': async (play: Play) => {
    const { admin, topicId, member } = await prepared(play, 'apart', 3)
    await admin.begin('apart-too', 'apart')
    const [a, b] = [await member('a'), await Member.of(play, 'a', 'apart-too', topicId)]
    await a.fetch()
    await b.fetch()
    await a.acknowledge([[0, 2, accept]])
    await b.acknowledge([[0, 2, release]])
    await admin.lag('apart', 'apart', 0)
    await admin.lag('apart-too', 'apart', 3)
    await b.fetch()
  },

  'a fetch waits for a record, and for one that is released': async (play: Play) => {
    const { admin, member } = await prepared(play, 'woken', 1)
    const [a, b] = [await member('a'), await member('b')]
    await a.fetch()
    await b.nothing()
    const released = b.asked({})
    await a.acknowledge([[0, 0, release]])
    // The two answers come on two connections; the line of the fetch is written when both are there.
    play.say('b fetches ', await released)
    await b.acknowledge([[0, 0, accept]])
    const produced = b.fetch({ maxWaitMs: 20_000 })
    await admin.produce('woken', ['v1'])
    await produced
    await b.acknowledge([[1, 1, accept]])
  },
}
