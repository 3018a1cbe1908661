import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { type PageHost, pageHosts, visit as visitOn } from './page-host'

const fields = (more: string) => `{"type":"record","name":"Order","fields":[{"name":"id","type":"long"}${more}]}`
const note = ',{"name":"note","type":["null","string"],"default":null}'

/** Schemas: register, try, write with one, read back, delete. */
for (const kind of pageHosts) {
  describe(`schemas ${kind.name}`, () => {
    let host: PageHost
    let page: Page
    const visit = (place: string) => visitOn(page, place)
    beforeAll(async () => {
      if (kind.needs.missing) return
      host = await kind.open()
      page = host.page
    })
    afterAll(async () => {
      await host?.close()
    })

    itNeeds([kind.needs], 'the first one is registered, with a word before', async () => {
      await visit('schemas')
      await page.getByText('No schemas yet.').waitFor()
      await page.getByRole('button', { name: 'Register a schema' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Subject').fill('orders-value')
      await dialog.locator('textarea').fill('{"type":"strin"}')
      await dialog.getByText('Undefined schema: strin').waitFor()
      await dialog.locator('textarea').fill(fields(''))
      await dialog.getByText('✓ compatible').waitFor()
      await dialog.getByRole('button', { name: 'Register' }).click()
      await page.getByRole('heading', { name: 'orders-value' }).waitFor()
    })

    itNeeds([kind.needs], 'a message is written with it, and reads itself', async () => {
      await visit('topics')
      await page.getByRole('button', { name: 'Create topic' }).first().click()
      await page.getByRole('dialog').getByRole('textbox').first().fill('orders')
      await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
      await visit('topics/orders')
      await page.getByRole('button', { name: 'Produce' }).first().click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: 'Encode the value with a schema' }).click()
      const id = dialog.getByLabel('id', { exact: true })
      await id.fill('12x')
      await dialog.getByText('id must be a whole number').waitFor()
      await id.fill('9007199254740992')
      expect(await accessibilityProblems(page)).toEqual([])
      await dialog.getByRole('radio', { name: 'JSON', exact: true }).click()
      const json = dialog.getByLabel('JSON of the value')
      await expect.poll(() => json.inputValue()).toContain('"id": 9007199254740992')
      await json.fill('{"id": "x"}')
      await dialog.getByText('id must be a whole number').waitFor()
      await json.fill('{"id": 9007199254740993}')
      await dialog.getByRole('button', { name: 'Send', exact: true }).click()
      // Until then the form holds something, and Escape asks whether to discard it.
      await page.getByText(/Written to orders-\d+ at offset 0/).waitFor()
      await page.keyboard.press('Escape')
      await page.getByText('{"id":9007199254740993}').first().waitFor()
    })

    itNeeds(
      [kind.needs],
      'many are written through it, and those that do not fit are named by their line',
      async () => {
        await page.getByRole('button', { name: 'Produce' }).first().click()
        const dialog = page.getByRole('dialog')
        await dialog.getByRole('radio', { name: 'Many', exact: false }).click()
        await dialog.getByLabel('Or lines').fill('id\n77\nx\n78')
        await dialog.getByLabel('Format').selectOption('rows')
        await dialog.getByRole('checkbox', { name: 'Encode the values with a schema' }).check()
        await dialog.getByText('1 message will be left out:').waitFor()
        await dialog.getByText('Line 3: id must be a whole number').waitFor()
        expect(await accessibilityProblems(page)).toEqual([])
        await dialog.getByRole('button', { name: 'Write 2 messages' }).click()
        await page.getByText('{"id":78}').first().waitFor()
      },
    )

    itNeeds([kind.needs], 'a draft says which messages it could not read', async () => {
      await visit('schemas/orders-value/draft')
      const schema = page.locator('main textarea')
      await schema.fill('{"half')
      await visit('topics')
      await visit('schemas/orders-value/draft')
      await expect.poll(() => schema.inputValue()).toBe('{"half')
      await page.getByRole('button', { name: 'Discard changes' }).click()
      await expect.poll(() => schema.inputValue()).toContain('"long"')
      await schema.fill(fields('').replace('long', 'int'))
      await page.getByText('✕ 3 of 3 could not be read with it').waitFor()
      await schema.fill(fields(note))
      await page.getByText('✓ all 3 can be read with it').waitFor()
      await page.getByRole('button', { name: 'Register' }).click()
      await page.getByText('Registered orders-value version 2').waitFor()
      await visit('schemas/orders-value/changes')
      await page.getByText('Version 2 reading what version 1 wrote').waitFor()
      await visit('schemas/orders-value/use')
      await page.getByText('version 1: 3').waitFor()
    })

    itNeeds([kind.needs], 'a topic shows its schemas over time, with the way to the messages and back', async () => {
      await visit('topics/orders/schemas')
      await page.getByText('all 3 messages').waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      await page.getByRole('link', { name: 'orders-value version 1' }).click()
      await page.getByRole('heading', { name: 'orders-value' }).waitFor()
      await page.goBack()
      await page.getByRole('cell').getByRole('link').last().click()
      await page.getByRole('link', { name: 'orders-value version 1, id 1' }).waitFor()
    })

    itNeeds([kind.needs], 'another registry is tried before messages are read with it', async () => {
      await visit('schemas')
      await page.getByRole('button', { name: 'Messages are read with: this registry' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('radio', { name: 'Another registry' }).check()
      await dialog.getByLabel('Address').fill('http://127.0.0.1:1')
      await dialog.getByRole('button', { name: 'Test the connection' }).click()
      await dialog.getByText('The registry at http://127.0.0.1:1 cannot be reached').waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      await dialog.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('button', { name: 'Messages are read with: 127.0.0.1:1' }).click()
      await dialog.getByRole('radio', { name: 'This broker’s own registry' }).check()
      await dialog.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('button', { name: 'Messages are read with: this registry' }).waitFor()
    })

    itNeeds([kind.needs], 'a subject is deleted, and then for good', async () => {
      await visit('schemas/orders-value')
      await page.getByRole('button', { name: 'Delete subject…' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click()
      await page.getByRole('button', { name: 'Delete subject for good…' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click()
      await page.getByText('No schemas yet.').waitFor()
    })

    const register = async (subject: string, schema: string) => {
      await visit('schemas')
      await page.getByRole('button', { name: 'Register a schema' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Subject', { exact: true }).fill(subject)
      await dialog.getByLabel('Schema', { exact: true }).fill(schema)
      return dialog
    }

    itNeeds(
      [kind.needs],
      'a draft takes types of another subject, by a reference that it can add and remove',
      async () => {
        const item = await register('item', '{"type":"record","name":"Item","fields":[{"name":"sku","type":"string"}]}')
        await item.getByRole('button', { name: 'Register' }).click()
        await page.getByText('Registered item version 1').waitFor()
        const draft = await register('baskets-value', '{"type":"array","items":"Item"}')
        await draft.getByText('Undefined schema: Item').waitFor()
        await draft.getByRole('button', { name: 'Add a reference' }).click()
        await draft.getByLabel('Subject of reference 1').selectOption('item')
        await draft.getByLabel('Name of reference 1').fill('Item')
        await draft.getByText('✓ compatible').waitFor()
        await draft.getByRole('button', { name: 'Remove reference 1' }).click()
        await draft.getByText('Undefined schema: Item').waitFor()
        await draft.getByRole('button', { name: 'Add a reference' }).click()
        await draft.getByLabel('Name of reference 1').fill('Item')
        await draft.getByLabel('Subject of reference 1').selectOption('item')
        await draft.getByLabel('Version of reference 1').selectOption('version 1')
        await draft.getByText('✓ compatible').waitFor()
        expect(await accessibilityProblems(page)).toEqual([])
        await draft.getByRole('button', { name: 'Register', exact: true }).click()
        await page.getByText('Registered baskets-value version 1').waitFor()
        await page.getByRole('link', { name: 'Item', exact: true }).click()
        await page.getByRole('link', { name: 'baskets-value version 1' }).waitFor()
      },
    )

    itNeeds([kind.needs], 'a schema is inferred from the JSON of a topic, as Avro or as JSON Schema', async () => {
      await visit('topics')
      await page.getByRole('button', { name: 'Create topic' }).first().click()
      await page.getByRole('dialog').getByRole('textbox').first().fill('visits')
      await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
      await visit('topics/visits')
      await page.getByRole('button', { name: 'Produce' }).first().click()
      await page.getByRole('dialog').getByLabel('Value', { exact: true }).fill('{"page":"/home","ms":12345678901}')
      await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByText(/Written to visits-\d+ at offset 0/).waitFor()
      await page.keyboard.press('Escape')
      await page.getByText('"/home"').first().waitFor()
      await visit('topics/visits/schemas')
      await page.getByRole('button', { name: 'Infer a schema…' }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText('From the newest 1 message.').waitFor()
      const schema = dialog.locator('textarea')
      await expect.poll(() => schema.inputValue()).toContain('"long"')
      // Its type is chosen in one place: that of the draft.
      await expect.poll(() => dialog.getByRole('combobox').count()).toBe(1)
      await dialog.getByRole('combobox').selectOption('JSON Schema')
      await expect.poll(() => schema.inputValue()).toContain('"properties"')
      await dialog.getByText('✓ compatible').waitFor()
      expect(await accessibilityProblems(page)).toEqual([])
      await dialog.getByRole('button', { name: 'Register', exact: true }).click()
      await page.getByText('Registered visits-value version 1').waitFor()
      await page.getByRole('heading', { name: 'visits-value' }).waitFor()
      await page.getByText('JSON Schema').first().waitFor()
    })
  })
}
