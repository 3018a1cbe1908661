import { readFileSync } from 'node:fs'
import { type Consumer, Kafka, logLevel } from 'kafkajs'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { readScenarios } from '../../src-main/scenarios/grammar'
import { GroupDriver } from '../support/group-driver'
import { itNeeds } from '../support/require'
import { type PageHost, pageHosts, visit } from './page-host'

for (const kind of pageHosts) {
  describe(`the rebalances of a group ${kind.name}`, () => {
    let host: PageHost
    let page: Page
    let lanes: Locator
    const consumers: Consumer[] = []

    const join = async (clientId: string) => {
      const kafka = new Kafka({ clientId, brokers: [host.address], logLevel: logLevel.NOTHING })
      const consumer = kafka.consumer({
        groupId: 'team',
        heartbeatInterval: 200,
        sessionTimeout: 60_000,
        maxWaitTimeInMs: 200,
      })
      consumers.push(consumer)
      await consumer.connect()
      await consumer.subscribe({ topics: ['tasks'] })
      await consumer.run({ eachMessage: async () => {} })
      return consumer
    }

    /** The middle of a rebalance's column, on the canvas. */
    const pointAt = async (share: number) => {
      const box = await lanes.boundingBox()
      if (!box) throw new Error('the lanes are not in sight')
      return { x: box.x + box.width * share, y: box.y + 10 }
    }

    beforeAll(async () => {
      if (kind.needs.missing) return
      host = await kind.open()
      page = host.page
      lanes = page.getByRole('slider', { name: 'Rebalances over time' })
      const admin = new Kafka({ brokers: [host.address], logLevel: logLevel.NOTHING }).admin()
      await admin.connect()
      await admin.createTopics({ topics: [{ topic: 'tasks', numPartitions: 6 }] })
      // A group that rebalanced before, and is the first by its name.
      await admin.setOffsets({ groupId: 'archive', topic: 'tasks', partitions: [{ partition: 0, offset: '0' }] })
      await admin.disconnect()
      await join('anna')
      await join('bert')
    })
    afterAll(async () => {
      await Promise.all(consumers.map((consumer) => consumer.disconnect()))
      await host?.close()
    })

    itNeeds([kind.needs], 'a rebalance is drawn as it happens, with its phases and who was waited for', async () => {
      await visit(page, 'rebalances/team')
      await page.getByText('Stable').first().waitFor()
      await page.getByRole('button', { name: /bert \(\w{4}\) joined/ }).waitFor()
      const carl = await join('carl')
      await page.getByRole('button', { name: /carl \(\w{4}\) joined/ }).click()
      // The list has the focus: arrows work there too.
      const pressed = page.getByRole('list', { name: 'Rebalances' }).getByRole('button', { pressed: true })
      await page.keyboard.press('ArrowDown')
      await expect.poll(() => pressed.textContent()).toContain('bert')
      await page.keyboard.press('ArrowUp')
      await expect.poll(() => pressed.textContent()).toContain('carl')
      const phases = page.getByRole('region', { name: 'Phases' })
      await phases.getByText(/^joining/).waitFor()
      await phases.getByText(/^syncing/).waitFor()
      await phases.getByText('anna').waitFor()
      await page
        .getByText(/generation \d+, took .* waiting for (anna|bert|anna and bert|bert and anna), \d+ partitions? moved/)
        .waitFor()
      const matrix = page.getByRole('table', { name: 'Assignment before and after' })
      await expect.poll(() => matrix.getByRole('row').count()).toBe(4)
      await expect.poll(() => matrix.getByTitle(/moved from (anna|bert)/).count()).toBeGreaterThan(0)
      await carl.disconnect()
      await page.getByRole('button', { name: /carl \(\w{4}\) left/ }).waitFor()
    })

    itNeeds([kind.needs], 'what lies under the pointer is told, a click keeps it, arrows step', async () => {
      await page.getByRole('button', { name: /carl \(\w{4}\) joined/ }).click()
      await page.getByRole('button', { name: 'Zoom to it' }).click()
      const middle = await pointAt(0.5)
      await page.mouse.move(middle.x, middle.y)
      const tip = page.getByRole('tooltip')
      await tip.getByText(/carl \(\w{4}\) joined/).waitFor()
      await tip.getByText(/joining .*, syncing/).waitFor()
      await tip
        .getByText(/(anna|bert)/)
        .first()
        .waitFor()
      const beside = await pointAt(0.02)
      await page.mouse.move(beside.x, beside.y)
      await tip.getByText(/(stable|asked to rejoin|waiting for other members|its assignment) from .*, for/).waitFor()
      await page.mouse.click(middle.x, middle.y)
      await page.mouse.move(5, 5)
      await expect.poll(() => lanes.getAttribute('aria-valuetext')).toMatch(/generation \d+: carl \(\w{4}\) joined/)
      await lanes.focus()
      await page.keyboard.press('ArrowRight')
      await expect.poll(() => lanes.getAttribute('aria-valuetext')).toMatch(/carl \(\w{4}\) left/)
      await page.keyboard.press('Home')
      await expect.poll(() => lanes.getAttribute('aria-valuetext')).toMatch(/anna \(\w{4}\) joined/)
      // What is seen is in the address: the same link leads to the same.
      await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/rebalance=\d+.*span=\d+/)
    })

    itNeeds(
      [kind.needs],
      'causes are filtered by kind and by text; arrows in the field are the field’s own',
      async () => {
        const list = page.getByRole('list', { name: 'Rebalances' })
        await page.getByRole('button', { name: /^Left \d/ }).click()
        await expect.poll(() => list.getByRole('listitem').allTextContents()).toHaveLength(1)
        const before = await lanes.getAttribute('aria-valuetext')
        const field = page.getByLabel('Find by cause')
        await field.fill('nobody')
        await page.getByText('No matching rebalances.').waitFor()
        await field.fill('carl')
        await page.keyboard.press('ArrowLeft')
        await expect.poll(() => list.getByRole('listitem').allTextContents()).toHaveLength(1)
        expect(await lanes.getAttribute('aria-valuetext')).toBe(before)
        await field.fill('')
        await page.getByRole('button', { name: /^Left \d/ }).click()
        await expect.poll(() => list.getByRole('listitem').count()).toBeGreaterThan(2)
      },
    )

    itNeeds([kind.needs], 'the journal is dragged back, zoomed, and followed again', async () => {
      const now = page.getByRole('button', { name: 'Now' })
      if (await now.isEnabled()) await now.click()
      await expect.poll(() => now.isDisabled()).toBe(true)
      const from = await pointAt(0.3)
      await page.mouse.move(from.x, from.y)
      await page.mouse.down()
      await page.mouse.move(from.x + 200, from.y, { steps: 4 })
      await page.mouse.up()
      await expect.poll(() => now.isEnabled()).toBe(true)
      const strip = page.getByRole('slider', { name: 'The journal' })
      const until = Number(await strip.getAttribute('aria-valuenow'))
      await strip.focus()
      await page.keyboard.press('ArrowLeft')
      await expect.poll(async () => Number(await strip.getAttribute('aria-valuenow'))).toBeLessThan(until)
      const shown = await page.getByText(/ shown$/).textContent()
      await page.getByRole('button', { name: 'Zoom in' }).click()
      await expect.poll(() => page.getByText(/ shown$/).textContent()).not.toBe(shown)
      await now.click()
      await expect.poll(() => now.isDisabled()).toBe(true)
    })

    itNeeds([kind.needs], 'a rebalance is exported as a scenario that runs', async () => {
      await page.getByRole('button', { name: /carl \(\w{4}\) joined/ }).click()
      const saved = page.evaluate(
        () =>
          new Promise<string>((resolve) => {
            const make = URL.createObjectURL
            URL.createObjectURL = (blob) => {
              if (blob instanceof Blob) void blob.text().then(resolve)
              URL.createObjectURL = make
              return make.call(URL, blob)
            }
          }),
      )
      await page.getByRole('button', { name: 'Export scenario' }).click()
      const [scenario] = readScenarios(await saved)
      if (!scenario) throw new Error('there is no scenario in the file')
      const driver = new GroupDriver()
      for (const command of scenario.commands) driver.run(command)
      expect(driver.trace.join('\n')).toBe(scenario.trace)
      expect(driver.trace[0]).toBe('0: joined c')
      expect(driver.state()).toMatch(/^classic Stable generation \d+/)
    })

    itNeeds([kind.needs], 'a group that is left stays in sight, and nothing complained', async () => {
      await visit(page, 'rebalances')
      await page.getByText('Stable').first().waitFor()
      await Promise.all(consumers.splice(0).map((consumer) => consumer.disconnect()))
      await page.getByText('0 members').waitFor()
      await expect.poll(() => page.getByLabel('Group', { exact: true }).inputValue()).toBe('team')
      await page.getByRole('link', { name: /Empty archive .* ago/ }).waitFor()
      const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')
      const problems = await page.evaluate(async (source) => {
        new Function(source)()
        const { axe: checker } = window as unknown as {
          axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> }
        }
        const { violations } = await checker.run()
        return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)
      }, axe)
      expect(problems).toEqual([])
      expect(host.complaints).toEqual([])
    })

    itNeeds([kind.needs], 'keys work at once when one comes to the page', async () => {
      await visit(page, 'groups')
      await page.getByRole('grid', { name: 'Groups' }).waitFor()
      await visit(page, 'rebalances/team')
      await lanes.waitFor()
      await expect
        .poll(() => page.evaluate(() => document.activeElement?.matches('div[tabindex="-1"]:has([role=slider])')))
        .toBe(true)
      await page.keyboard.press('ArrowLeft')
      await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/rebalance=\d+/)
    })
  })
}
