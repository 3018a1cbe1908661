import { Kafka, logLevel } from 'kafkajs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { ClusterPages } from '../support/cluster-pages'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { chromiumPath, visit } from './page-host'

const inBrowser = [chromiumPath ? {} : { missing: 'no chromium' }]

let broker: BrokerProcess
let pages: ClusterPages
let browser: Browser
let page: Page

beforeAll(async () => {
  if (!chromiumPath) return
  broker = await BrokerProcess.start({ memory: true })
  const producer = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).producer()
  await producer.connect()
  await producer.send({ topic: 'orders', messages: [{ key: 'k', value: 'v' }] })
  await producer.disconnect()
  pages = await ClusterPages.start(
    broker.address,
    [],
    ['ottla.name=payments', 'ottla.stage=production', 'default.api.timeout.ms=2000'],
  )
  browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
  await page.goto(pages.ready.ui ?? '')
})
afterAll(async () => {
  await browser?.close()
  await pages?.stop()
  await broker?.dispose()
})

describe('the pages of a cluster in production', () => {
  for (const theme of ['day', 'night'] as const) {
    itNeeds(inBrowser, `have a band with its stage above every page, accessible by ${theme}`, async () => {
      await page.emulateMedia({ colorScheme: theme === 'night' ? 'dark' : 'light', reducedMotion: 'reduce' })
      const band = page.getByRole('complementary', { name: 'Cluster', exact: true })
      for (const [place, cell] of [
        ['home', null],
        ['topics', 'orders'],
        ['messages', null],
        ['groups', null],
      ] as const) {
        await visit(page, place)
        if (cell) await page.getByRole('gridcell', { name: cell, exact: true }).waitFor()
        await expect.poll(() => band.textContent()).toBe('PRODUCTIONpaymentsread-only')
      }
      expect(await accessibilityProblems(page)).toEqual([])
      // What is not known is not shown as nothing.
      expect(await page.getByRole('contentinfo').textContent()).not.toContain('in memory')
      expect(await page.getByRole('link', { name: 'Clients' }).textContent()).toBe('Clients')
      const box = await band.boundingBox()
      expect([box?.x, box?.y, box?.width]).toEqual([0, 0, 1280])
    })
  }

  itNeeds(inBrowser, 'say that it does not answer, and go on by themselves when it does', async () => {
    await visit(page, 'topics')
    const band = page.getByRole('complementary', { name: 'Cluster', exact: true })
    await page.getByRole('gridcell', { name: 'orders', exact: true }).waitFor()
    const find = page.getByLabel('Find a topic', { exact: true })
    await find.fill('r')
    await broker.stop()
    await expect.poll(() => band.textContent()).toContain('PRODUCTIONpayments✕ does not answer, and is asked again')
    // What was there stays, and is not taken for nothing.
    expect(await page.getByRole('gridcell', { name: 'orders', exact: true }).count()).toBe(1)
    expect(await find.inputValue()).toBe('r')
    await broker.startAgain()
    await expect.poll(() => band.textContent()).toBe('PRODUCTIONpaymentsread-only')
    // Nor is anything lost that was typed.
    expect(await find.inputValue()).toBe('r')
    const admin = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).admin()
    await admin.connect()
    await admin.createTopics({ topics: [{ topic: 'refunds' }] })
    await admin.disconnect()
    await page.getByRole('gridcell', { name: 'refunds', exact: true }).waitFor()
  })
})
