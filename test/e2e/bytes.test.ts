import { Kafka, logLevel, type Message, type Producer } from 'kafkajs'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { itNeeds } from '../support/require'
import { accessibilityProblems } from './axe'
import { type PageHost, pageHosts, visit } from './page-host'

const binary = Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a, 0x80])
const binaryHeaders = { h: ['1', '', binary] }

/** Messages as clients wrote them are what pages send, export and import: byte for byte. */
for (const kind of pageHosts) {
  describe(`the bytes of messages, ${kind.name}`, () => {
    let host: PageHost
    let kafka: Kafka
    let producer: Producer

    beforeAll(async () => {
      if (kind.needs.missing) return
      host = await kind.open()
      kafka = new Kafka({ brokers: [host.address], logLevel: logLevel.NOTHING })
      const admin = kafka.admin()
      await admin.connect()
      await admin.createTopics({
        topics: [
          { topic: 'from', numPartitions: 1 },
          { topic: 'to', numPartitions: 3 },
          { topic: 'copy', numPartitions: 1 },
          { topic: 'many', numPartitions: 1 },
          { topic: 'small', numPartitions: 1, configEntries: [{ name: 'max.message.bytes', value: '1000' }] },
        ],
      })
      await admin.disconnect()
      producer = kafka.producer()
      await producer.connect()
    })
    afterAll(async () => {
      await producer?.disconnect()
      await host?.close()
    })

    /** What a client reads: keys, values and headers as bytes. */
    async function consumed(topic: string, count: number) {
      const consumer = kafka.consumer({ groupId: `reader-of-${topic}-${count}` })
      await consumer.connect()
      await consumer.subscribe({ topic, fromBeginning: true })
      const messages: { partition: number; key: Buffer | null; value: Buffer | null; headers: Message['headers'] }[] =
        []
      await new Promise<void>((resolve, reject) => {
        consumer
          .run({
            async eachMessage({ partition, message: { key, value, headers } }) {
              messages.push({ partition, key, value, headers })
              if (messages.length === count) resolve()
            },
          })
          .catch(reject)
      })
      await consumer.disconnect()
      return messages
    }

    itNeeds([kind.needs], 'a message with a null key and an empty value is written exactly so', async () => {
      const { page } = host
      await visit(page, 'topics/from')
      await page.getByRole('button', { name: 'Produce' }).click()
      await page.getByRole('button', { name: 'Add a header' }).click()
      await page.getByLabel('Header 1 key').fill('h')
      await page.getByLabel('Header 1 value as').selectOption('Null')
      await page.getByLabel('Value', { exact: true }).press('Control+Enter')
      await page.getByText('Written to from-0 at offset 0.').waitFor()
      await page.getByRole('button', { name: 'Close' }).click()
      const [message] = await consumed('from', 1)
      expect(message).toMatchObject({ key: null, value: Buffer.alloc(0) })
    })

    itNeeds([kind.needs], 'a message is sent again with the same bytes, to a partition of another topic', async () => {
      const { page } = host
      await producer.send({ topic: 'from', messages: [{ key: 'line\r\nline', value: binary, headers: binaryHeaders }] })
      await visit(page, 'home')
      await visit(page, 'topics/from')
      await page.getByRole('gridcell').getByText('line', { exact: false }).click()
      await page.getByRole('button', { name: 'Edit and send again' }).click()
      await expect.poll(() => page.getByLabel('Value', { exact: true }).inputValue()).toBe('00 ff fe 0d 0a 80')
      expect(await page.getByLabel('Header 3 value as').inputValue()).toBe('hex')
      await page.getByLabel('Topic', { exact: true }).selectOption('to')
      await page.getByLabel('Partition', { exact: true }).last().selectOption('2')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByText('Written to to-2 at offset 0.').waitFor()
      await page.getByLabel('Value', { exact: true }).fill('00 ff 0')
      await page.getByText('a byte has two hex digits; the last one is missing').waitFor()
      await page.getByLabel('Value', { exact: true }).fill('00 ff 01')
      await page.getByLabel('Key as').selectOption('Null')
      await page.getByRole('button', { name: 'Send', exact: true }).click()
      await page.getByText('Written to to-2 at offset 1.').waitFor()
      await page.getByRole('button', { name: 'Close' }).last().click()
      const [same, edited] = await consumed('to', 2)
      expect(same).toEqual({
        partition: 2,
        key: Buffer.from('line\r\nline'),
        value: binary,
        headers: { h: [Buffer.from('1'), Buffer.alloc(0), binary] },
      })
      expect(edited).toMatchObject({ key: null, value: Buffer.from([0, 255, 1]) })
    })

    itNeeds([kind.needs], 'an export that is imported again gives the same messages', async () => {
      const { page } = host
      const original = await consumed('from', 2)
      await visit(page, 'topics/from')
      const exported = await download('JSON Lines: exact, can be imported again')
      expect(exported.split('\n').slice(0, -1)).toHaveLength(2)
      await visit(page, 'topics/copy')
      await more('Import…')
      await page.getByLabel('File', { exact: true }).setInputFiles({
        name: 'from.jsonl',
        mimeType: 'text/plain',
        buffer: Buffer.from(exported),
      })
      await page.getByRole('button', { name: 'Write 2 messages' }).click()
      await page.getByText('Wrote 2 messages to copy.').waitFor()
      expect(sorted(await consumed('copy', 2))).toEqual(sorted(original))
    })

    itNeeds([kind.needs], 'an export is written to the chosen file, where the browser allows it', async () => {
      const { page } = host
      await visit(page, 'topics/from')
      await page.evaluate(() =>
        Object.assign(window, {
          showSaveFilePicker: async ({ suggestedName }: { suggestedName: string }) => {
            const folder = await navigator.storage.getDirectory()
            return await folder.getFileHandle(suggestedName, { create: true })
          },
        }),
      )
      await more('Export…')
      await page.getByLabel('Format').selectOption('CSV: for spreadsheets')
      await page.getByRole('button', { name: 'Export', exact: true }).click()
      if (page.url().startsWith('file:')) {
        await page.getByText('Downloading 2 messages as from.csv.').waitFor()
        return
      }
      await page.getByText('Exported 2 messages to from.csv.').waitFor()
      const text = await page.evaluate(async () => {
        const folder = await navigator.storage.getDirectory()
        return await (await (await folder.getFileHandle('from.csv')).getFile()).text()
      })
      expect(text).toContain(`base64:${binary.toString('base64')}`)
      expect(text.split('\r\n')[0]).toBe('topic,partition,offset,timestamp,key,value,headers,null')
    })

    itNeeds(
      [kind.needs],
      'many messages are written from lines and from a file, and an invalid one is named',
      async () => {
        const { page } = host
        await visit(page, 'topics/many')
        await page.getByRole('button', { name: 'Produce' }).click()
        await page.getByLabel('Many: lines or a file').check()
        await page.getByLabel('Or lines').fill('a: 1\nb')
        await page.getByLabel('Format').selectOption('One key and value per line')
        await page.getByText('Line 2: it has no ":" between key and value.').waitFor()
        await page.getByLabel('Or lines').fill('a: 1\nb: 2')
        await page.getByRole('button', { name: 'Write 2 messages' }).click()
        await page.getByText('Wrote 2 messages to many.').waitFor()
        await page.getByRole('button', { name: 'Produce' }).click()
        await page.getByLabel('Many: lines or a file').check()
        // More than one request, and than one batch.
        const lines = Array.from({ length: 3000 }, (_, i) => `${i} ${'x'.repeat(1000)}`)
        await page.getByLabel('File', { exact: true }).setInputFiles({
          name: 'lines.txt',
          mimeType: 'text/plain',
          buffer: Buffer.from(lines.join('\n')),
        })
        await page.getByRole('button', { name: 'Write 3,000 messages' }).click()
        await page.getByText('Wrote 3,000 messages to many.').waitFor()
        const messages = await consumed('many', 3002)
        expect(messages.slice(0, 2).map(({ key, value }) => `${key}=${value}`)).toEqual(['a= 1', 'b= 2'])
        expect(messages.slice(2).map(({ value }) => String(value))).toEqual(lines)

        await page.getByRole('button', { name: 'Produce' }).click()
        await page.getByLabel('Many: lines or a file').check()
        await page.getByLabel('Topic', { exact: true }).selectOption('small')
        await page.getByLabel('Or lines').fill(`one\n${'x'.repeat(2000)}`)
        await page.getByRole('button', { name: 'Write 2 messages' }).click()
        await page.getByText(/Line 2: .* max\.message\.bytes of small is 1,000\. Nothing was written\./).waitFor()
        await page.getByRole('button', { name: 'Close' }).first().click()
      },
    )

    itNeeds([kind.needs], 'a JavaScript filter continues after a tombstone, and reports the failure', async () => {
      const { page } = host
      await producer.send({
        topic: 'small',
        messages: [
          { key: 'a', value: '{"total":200}' },
          { key: 'b', value: null },
          { key: 'c', value: '{"total":300}' },
        ],
      })
      await visit(page, 'topics/small')
      await page.getByLabel('Filter by').selectOption('script')
      await page.getByLabel('JavaScript filter').fill('value.total > 100')
      await page.keyboard.press('Enter')
      await page.getByText('2 of 3 scanned').waitFor()
      await page.getByText(/the filter failed for 1 message: at small-0 offset 1: TypeError/).waitFor()
    })

    for (const theme of ['light', 'dark'] as const) {
      itNeeds([kind.needs], `the forms to produce, import and export are accessible, ${theme}`, async () => {
        const { page } = host
        await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
        await visit(page, 'home')
        await visit(page, 'topics/from')
        const check = async (dialog: string) => {
          await page.getByRole('dialog').waitFor()
          expect({ dialog, problems: await accessibilityProblems(page) }).toEqual({ dialog, problems: [] })
        }
        await page.getByRole('button', { name: 'Produce' }).click()
        await page.getByLabel('Value as', { exact: true }).selectOption('Hex')
        await page.getByLabel('Value', { exact: true }).fill('0')
        await page.getByRole('button', { name: 'Add a header' }).click()
        await check('one')
        await page.getByLabel('Many: lines or a file').check()
        await page.getByLabel('Or lines').fill('{"value":1}\n{}')
        await page.getByText('Line 2: it has no "value"').waitFor()
        await check('many')
        await page.getByRole('button', { name: 'Close' }).click()
        await page.getByRole('gridcell').first().waitFor()
        await more('Export…')
        await check('export')
        await page.keyboard.press('Escape')
      })
    }

    itNeeds([kind.needs], 'the page logged no error', async () => {
      expect(host.complaints).toEqual([])
    })

    async function more(action: string): Promise<void> {
      await host.page.getByRole('button', { name: 'More' }).click()
      await host.page.getByRole('menuitem', { name: action }).click()
    }

    /** The text of an export, as the browser or the app saves it. */
    async function download(format: string): Promise<string> {
      const { page } = host
      // Else a browser asks where to put the file, with a dialog that no test can answer.
      await page.evaluate(() => Object.assign(window, { showSaveFilePicker: undefined }))
      await more('Export…')
      await page.getByLabel('Format').selectOption(format)
      return await host.downloaded(() => page.getByRole('button', { name: 'Export', exact: true }).click())
    }
  })
}

function sorted<T extends { readonly value: Buffer | null }>(messages: readonly T[]): T[] {
  const text = ({ value }: T) => value?.toString('hex') ?? ''
  return [...messages].sort((a, b) => text(a).localeCompare(text(b)))
}
