import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Kafka, logLevel, type Producer } from 'kafkajs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { itNeeds } from '../support/require'
import { type PageHost, pageHosts, visit } from './page-host'

const member = join(__dirname, '../interop/clients/group_member.cjs')

/** From launch to end, as a developer lives it: with clients that are processes of their own. */
for (const kind of pageHosts) {
  describe(`a day with Ottla, ${kind.name}`, () => {
    let host: PageHost
    let producer: Producer
    const members: ChildProcess[] = []
    /** Records that the members processed, `partition:offset`, each as often as it was. */
    const done: string[] = []

    beforeAll(async () => {
      if (kind.needs.missing) return
      host = await kind.open()
      const kafka = new Kafka({ brokers: [host.address], logLevel: logLevel.NOTHING })
      const admin = kafka.admin()
      await admin.connect()
      await admin.createTopics({ topics: [{ topic: 'work', numPartitions: 6 }] })
      await admin.disconnect()
      producer = kafka.producer()
      await producer.connect()
    })
    afterAll(async () => {
      for (const child of members) child.kill('SIGKILL')
      await producer?.disconnect()
      await host?.close()
    })

    const send = (count: number) =>
      producer.send({
        topic: 'work',
        messages: Array.from({ length: count }, (_, i) => ({ partition: i % 6, value: `job ${i}` })),
      })

    const join = () => {
      const child = spawn(process.execPath, [member, host.address, 'work', 'workers'], { stdio: 'pipe' })
      members.push(child)
      createInterface({ input: child.stdout }).on('line', (line) => {
        const [verb, partition, offset] = line.split(' ')
        if (verb === 'did') done.push(`${partition}:${offset}`)
      })
      return child
    }

    itNeeds([kind.needs], 'a record is seen as it comes', async () => {
      const { page } = host
      await visit(page, 'topics/work')
      await page.getByLabel('Start from').selectOption('live')
      await page.getByText('Waiting for messages').waitFor()
      await producer.send({ topic: 'work', messages: [{ key: 'k', value: 'hello from a client' }] })
      await page.getByRole('gridcell').getByText('hello from a client').waitFor()
    })

    itNeeds(
      [kind.needs],
      'three consumers join, one is killed: the timeline tells who, why, how long and what moved',
      async () => {
        const { page } = host
        await send(60)
        for (let i = 0; i < 3; i++) join()
        await visit(page, 'groups/workers')
        // Killed in the middle of the last one's join it would be part of that rebalance.
        await expect.poll(() => page.getByRole('main').textContent()).toMatch(/Stable.*generation \d+ · 3 members/)
        await expect.poll(() => new Set(done).size).toBeGreaterThanOrEqual(61)
        members[0]?.kill('SIGKILL')
        await visit(page, 'groups/workers/rebalances')
        const cause = page.getByRole('button', { name: /sent no heartbeat for 6 s/ }).first()
        await cause.waitFor()
        await cause.click()
        await page.getByText(/moved/).first().waitFor()
        await page
          .getByText(/\d+(\.\d)? (ms|s)/)
          .first()
          .waitFor()
        await visit(page, 'groups/workers')
        await page.getByText(/2 members/).waitFor()
      },
    )

    itNeeds([kind.needs], 'an offset is dragged back while they run, and the records are delivered again', async () => {
      const { page } = host
      await visit(page, 'groups/workers/reset')
      const handle = page.getByRole('slider').first()
      await handle.waitFor()
      const before = done.length
      const box = await handle.boundingBox()
      if (!box) throw new Error('the handle is not in sight')
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
      await page.mouse.down()
      await page.mouse.move(box.x - 2000, box.y + box.height / 2, { steps: 8 })
      await page.mouse.up()
      await page.getByText(/messages replayed/).waitFor()
      await page.getByRole('button', { name: /Apply now \(fences 2 members\)/ }).click()
      await page.getByText(/Reset the offsets of workers/).waitFor()
      await expect.poll(() => done.slice(before).includes('0:0')).toBe(true)
      expect(host.complaints).toEqual([])
    })
  })
}
