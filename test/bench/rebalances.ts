/**
 * The timeline of a group of many members in a headless browser: frames per second while it moves, while a storm of rebalances runs, and on
 * a long history. `npm run bench -- rebalances [--members 50] [--seconds 10] [--json FILE]`
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type Admin, type Consumer, Kafka, logLevel } from 'kafkajs'
import { chromium, type Page } from 'playwright-core'

const root = join(__dirname, '../..')
const groupId = 'bench'

function option(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`)
  return at < 0 ? otherwise : Number(process.argv[at + 1])
}

interface Figure {
  readonly name: string
  readonly perSecond: number
  readonly longestMs: number
  readonly rebalances: number
}

/** Frames of a while: how many there were, and the longest gap between two. */
async function frames(page: Page, ms: number): Promise<{ perSecond: number; longestMs: number }> {
  return await page.evaluate(
    (whole) =>
      new Promise<{ perSecond: number; longestMs: number }>((resolve) => {
        const begun = performance.now()
        let last = begun
        let count = 0
        let longest = 0
        const step = (now: number) => {
          if (count > 0) longest = Math.max(longest, now - last)
          last = now
          count++
          if (now - begun < whole) requestAnimationFrame(step)
          else resolve({ perSecond: Math.round((count * 1000) / (now - begun)), longestMs: Math.round(longest) })
        }
        requestAnimationFrame(step)
      }),
    ms,
  )
}

async function joinAll(kafka: Kafka, members: number): Promise<Consumer[]> {
  const consumers = Array.from({ length: members }, () =>
    kafka.consumer({ groupId, heartbeatInterval: 300, sessionTimeout: 30_000, maxWaitTimeInMs: 300 }),
  )
  await Promise.all(
    consumers.map(async (consumer) => {
      await consumer.connect()
      await consumer.subscribe({ topics: ['bench'] })
      await consumer.run({ eachMessage: async () => {} })
    }),
  )
  return consumers
}

async function membersOf(admin: Admin): Promise<number> {
  const { groups } = await admin.describeGroups([groupId])
  return groups[0]?.members.length ?? 0
}

async function main(): Promise<void> {
  const executablePath = ['/usr/bin/chromium', '/usr/bin/google-chrome'].find((path) => existsSync(path))
  if (!executablePath) throw new Error('there is no chromium')
  const members = option('members', 50)
  const seconds = option('seconds', 10)
  const figures: Figure[] = []
  const args = ['--json', '--port', '0', '--ui-port', '0', '--memory', '--log-level', 'error']
  const broker = spawn(process.execPath, [join(root, 'out/main/headless.js'), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
  let consumers: Consumer[] = []
  try {
    const [line] = (await once(createInterface({ input: broker.stdout }), 'line')) as [string]
    const { kafka: addresses, ui } = JSON.parse(line) as { kafka: string[]; ui: string }
    const kafka = new Kafka({ brokers: [addresses[0] as string], logLevel: logLevel.NOTHING })
    const admin = kafka.admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'bench', numPartitions: members * 2 }] })
    consumers = await joinAll(kafka, members)
    while ((await membersOf(admin)) < members) await new Promise((resolve) => setTimeout(resolve, 200))
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 }, locale: 'en-US' })
    await page.goto(`${ui}#/rebalances/${groupId}`)
    await page.getByText(new RegExp(`${members} members ·`)).waitFor()
    const list = () =>
      page.evaluate(() => {
        const lanes = document.querySelector('[role=slider][aria-label^=Rebalances]')
        return Number(lanes?.getAttribute('aria-valuemax') ?? 0) + 1
      })
    const measure = async (name: string, span: number) => {
      const before = await list()
      const measured = await frames(page, span)
      const figure = { name, ...measured, rebalances: (await list()) - before }
      figures.push(figure)
      process.stdout.write(
        `${name.padEnd(44)} ${figure.perSecond} frames/s, longest ${figure.longestMs} ms, ${figure.rebalances} rebalances\n`,
      )
    }
    await measure(`${members} members at work`, seconds * 1000)
    // Two of them come and go as fast as they can: everyone joins again each time.
    let isOver = false
    const storm = (async () => {
      while (!isOver) {
        const leaving = consumers.splice(0, 1)
        await Promise.all(leaving.map((consumer) => consumer.disconnect()))
        consumers.push(...(await joinAll(kafka, 1)))
      }
    })()
    await measure(`${members} members, a storm`, seconds * 1000)
    await page.getByRole('button', { name: 'Zoom out' }).click({ clickCount: 8 })
    await measure(`${members} members, a storm, ten minutes in sight`, seconds * 1000)
    isOver = true
    await storm
    await admin.disconnect()
  } finally {
    await Promise.all(consumers.map((consumer) => consumer.disconnect()))
    await browser.close()
    broker.kill('SIGTERM')
    await once(broker, 'exit')
  }
  const at = process.argv.indexOf('--json')
  if (at > 0) writeFileSync(process.argv[at + 1] as string, `${JSON.stringify(figures, null, 2)}\n`)
}

main().catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
