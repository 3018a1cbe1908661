import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Kafka, logLevel } from 'kafkajs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { chromiumPath, visit } from './page-host'

const needs = chromiumPath ? {} : { missing: 'no chromium' }

describe('alerts', () => {
  let broker: BrokerProcess
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    if (!chromiumPath) return
    broker = await BrokerProcess.start({ ui: true })
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] })
    page = await browser.newPage({ viewport: { width: 1280, height: 800 } })
    await page.goto(broker.ready.ui ?? '')
  })
  afterAll(async () => {
    await browser?.close()
    await broker?.dispose()
  })

  itNeeds([needs], 'a dead letter of a real client is an alert on the page, and calls a webhook', async () => {
    const bodies: string[] = []
    const server = createServer((request, response) => {
      request.on('data', (chunk: Buffer) => bodies.push(String(chunk)))
      request.on('end', () => response.end('thanks'))
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const producer = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING }).producer()
    await producer.connect()
    await producer.send({ topic: 'orders-dlt', messages: [{ value: 'an old one' }] })
    await visit(page, 'settings')
    const alerts = page.getByRole('region', { name: 'Alerts' })
    await alerts.getByLabel('Alert', { exact: true }).selectOption('Dead letters in a topic')
    await alerts.getByLabel('Topic', { exact: true }).fill('orders-dlt')
    await alerts.getByLabel('More than (messages in a minute)').fill('0')
    await alerts.getByLabel('Webhook').fill(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    await alerts.getByRole('button', { name: 'Send a test' }).click()
    await alerts.getByText(/It answered 200 after \d+ ms: thanks/).waitFor()
    expect(JSON.parse(bodies.shift() ?? '')).toMatchObject({ state: 'test' })
    await alerts.getByRole('button', { name: 'Add an alert' }).click()
    await alerts.getByText('now 0').waitFor()
    await alerts.getByText('quiet').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await producer.send({ topic: 'orders-dlt', messages: [{ value: 'failed' }] })
    await alerts.getByText(/^✕? ?alert since/).waitFor()
    await alerts.getByText(/webhook called/).waitFor()
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ state: 'began', subject: 'orders-dlt', value: 1 })
    await visit(page, 'home')
    await page.getByText('Topic orders-dlt got 1 dead letters within a minute').waitFor()
    await visit(page, 'settings')
    await alerts.getByRole('button', { name: 'Edit the alert: Dead letters in a topic orders-dlt' }).click()
    await alerts.getByLabel('More than (messages in a minute)').fill('5')
    await alerts.getByRole('button', { name: 'Save' }).click()
    await alerts.getByText('more than 5 messages in a minute').waitFor()
    // One message is no alert any more, and when it was one is told.
    await alerts.getByText(/^Before: .* to .*, at most 1$/).waitFor()
    await alerts.getByText('quiet').waitFor()
    expect(await accessibilityProblems(page)).toEqual([])
    await alerts.getByLabel('Alert', { exact: true }).selectOption('Dead letters in a topic')
    await alerts.getByRole('combobox', { name: 'Topic' }).pressSequentially('dlt')
    await page.getByRole('option', { name: 'orders-dlt' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await expect.poll(() => alerts.getByRole('combobox', { name: 'Topic' }).inputValue()).toBe('orders-dlt')
    await alerts.getByLabel('More than (messages in a minute)').fill('5')
    await alerts.getByRole('button', { name: 'Add an alert' }).click()
    await alerts.getByText(/There is an alert with this group or topic/).waitFor()
    await alerts.getByRole('button', { name: /^Remove the alert/ }).click()
    await expect.poll(() => alerts.getByText(/alert since/).count()).toBe(0)
    await producer.disconnect()
    server.closeAllConnections()
    server.close()
  })
})
