import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { type PageHost, pageHosts, visit as visitOn } from './page-host'

for (const kind of pageHosts) {
  describe(`the pages ${kind.name}`, () => {
    let host: PageHost
    let page: Page
    const visit = (place: string) => visitOn(page, place)
    beforeAll(async () => {
      if (kind.needs.missing) return
      host = await kind.open()
      page = host.page
    })
    afterAll(() => host?.close())

    itNeeds([kind.needs], 'the pages of an empty workspace explain what to do', async () => {
      await page.getByRole('heading', { name: 'Kafka is running' }).waitFor()
      await page.getByText('Nothing has happened yet').waitFor()
      await visit('topics')
      await page.getByText('There are no topics yet').waitFor()
      await visit('groups')
      await page.getByText('There are no consumer groups yet').waitFor()
    })

    itNeeds([kind.needs], 'a topic is created, and a message is written and found', async () => {
      await visit('topics')
      await page.getByRole('button', { name: 'Create topic' }).first().click()
      await page.getByLabel('Name').fill('orders')
      await page.getByRole('button', { name: 'Create', exact: true }).click()
      await page.getByRole('link', { name: 'Partitions' }).waitFor()
      await page.getByRole('button', { name: 'Produce' }).click()
      await page.getByLabel('Key', { exact: true }).fill('order-1')
      await page.getByLabel('Value', { exact: true }).fill('{"total":9007199254740993}')
      await page.getByRole('button', { name: 'Send' }).click()
      await page.getByText('Written to orders-').waitFor()
      await page.getByRole('button', { name: 'Close' }).click()
      await page.getByLabel('Find', { exact: true }).fill('order-1')
      await page.getByRole('gridcell').getByText('order-1').click()
      await page.getByText('9007199254740993', { exact: true }).waitFor()
      await page.getByRole('button', { name: 'text', exact: true }).click()
      await page.getByText('"total": 9007199254740993').waitFor()
      await page.keyboard.press('Escape')
      await page.getByLabel('Find', { exact: true }).fill('')
      await page.getByLabel('Filter by').selectOption('script')
      await page.getByLabel('JavaScript filter').fill('value.total > 1 && key === "order-1"')
      await page.keyboard.press('Enter')
      await page.getByText('1 of 1 scanned').waitFor()
      await page.getByLabel('JavaScript filter').fill('(() => { for (;;) {} })()')
      await page.keyboard.press('Enter')
      await page.getByText('it took longer than').waitFor()
    })

    itNeeds([kind.needs], 'messages are imported, and decoded by the chosen decoder', async () => {
      await visit('topics/orders/messages')
      const more = async (action: string) => {
        await page.getByRole('button', { name: 'More' }).click()
        await page.getByRole('menuitem', { name: action }).click()
      }
      await more('Import…')
      const lines = ['{"key":"k","value":{"base64":"AAAAKg=="}}', '{"key":null,"value":null}', '{"value":"plain text"}']
      await page.getByLabel('File', { exact: true }).setInputFiles({
        name: 'some.jsonl',
        mimeType: 'text/plain',
        buffer: Buffer.from(lines.join('\n')),
      })
      await page.getByRole('button', { name: 'Write 3 messages' }).click()
      await page.getByText('Wrote 3 messages to orders.').waitFor()
      await more('Decoders…')
      await page.getByLabel('Values', { exact: true }).selectOption('avro')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Avro needs its schema: choose an .avsc file.').waitFor()
      await page.getByLabel('Values', { exact: true }).selectOption('integer')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('gridcell').getByText('42', { exact: true }).waitFor()
      await page.getByRole('gridcell').getByText('tombstone').waitFor()
      await page.getByRole('gridcell').getByText('plain text').click()
      await page.getByText('This is not an integer: it has 10 bytes').waitFor()
      await visit('messages')
      await page.getByRole('heading', { name: 'Messages' }).waitFor()
      await page.getByRole('gridcell').getByText('plain text').waitFor()
      await visit('topics/orders/messages?find=plain')
      await page.getByText('1 of').waitFor()
      await visit('settings')
      await page.getByLabel('num.partitions').fill('0')
      await page.keyboard.press('Enter')
      await page.getByText(/num.partitions.*at least 1/).waitFor()
    })

    itNeeds(
      [kind.needs],
      'the demo runs, rebalances appear, and offsets of a group are reset and restored',
      async () => {
        await visit('home')
        await page.getByRole('button', { name: 'Start the demo' }).click()
        await page.getByRole('button', { name: 'Stop the demo' }).waitFor()
        await visit('rebalances')
        await page.getByText('Stable').first().waitFor()
        await page
          .getByRole('button', { name: /joined/ })
          .first()
          .waitFor()
        await visit('home')
        await page.getByRole('link', { name: 'Tasks', exact: true }).click()
        // A copy of a task's state is made as soon as another instance has joined.
        await page.getByRole('button', { name: /^Task 1_0, standby at demo-statistics-\d thread \d$/ }).waitFor()
        await page.getByRole('button', { name: /^Task 0_5, active at demo-statistics-\d thread \d$/ }).waitFor()
        await page.getByRole('region', { name: 'Graph of subtopology 1' }).getByText('store sales').waitFor()
        await visit('groups/demo-billing/reset')
        const handle = page.getByRole('slider').first()
        await handle.waitFor()
        await page.getByRole('radio', { name: 'Earliest' }).check({ force: true })
        await page.getByText(/messages replayed/).waitFor()
        await page.getByRole('button', { name: /^Apply now/ }).click()
        await page.getByText(/Reset the offsets of demo-billing/).waitFor()
        await page.getByRole('button', { name: /Undo/ }).click()
        // The members were removed and rejoin within a moment.
        await page
          .getByRole('dialog')
          .getByRole('button', { name: /^Undo now/ })
          .click()
        await page
          .getByText('The reset is undone.')
          .waitFor()
          .catch(async (error: Error) => {
            throw new Error(`${error.message}\nThe page shows: ${await page.locator('body').textContent()}`)
          })
      },
    )

    for (const theme of ['day', 'night'] as const) {
      itNeeds([kind.needs], `every page is accessible by ${theme}`, async () => {
        await page.emulateMedia({ colorScheme: theme === 'night' ? 'dark' : 'light', reducedMotion: 'reduce' })
        for (const place of [
          'home',
          'topics',
          'topics/demo-orders',
          'messages',
          'topics/demo-orders/config',
          'groups',
          'groups/demo-billing',
          'rebalances',
          'groups/demo-billing/reset',
          'groups/demo-statistics',
          'clients',
          'transactions',
          'schemas',
          'wire',
          'settings',
          'security',
          'security/acls',
          'security/quotas',
          'security/certificates',
          'security/refused',
        ]) {
          await visit(place)
          await page.getByRole('main').waitFor()
          await page.evaluate(
            () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
          )
          expect({ place, problems: await accessibilityProblems(page) }).toEqual({ place, problems: [] })
        }
      })
    }

    itNeeds([kind.needs], 'the demo deletes its data, and the page logged no error', async () => {
      await visit('home')
      await page.getByRole('button', { name: 'Stop the demo' }).click()
      await page.getByRole('button', { name: 'Start the demo' }).waitFor()
      await visit('groups')
      await page.getByText('There are no consumer groups yet').waitFor()
      expect(host.complaints).toEqual([])
    })
  })
}
