import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { causeText } from '../../../src-main/contract/causes'
import type { Client } from '../../../src-main/contract/client'
import { migrate } from '../../../src-main/storage/migrations'
import { causeKindOf } from '../../../src-renderer/pages/rebalances/causes'
import { TestBroker } from '../../support/core'
import { TestDesk } from '../../support/desk'

/** "Ottl", as the header of a workspace has it. */
const applicationId = 0x4f74746c

let folder: string
let broker: TestBroker
let desk: TestDesk
let page: Client

/** Opens a file that was written when causes were sentences. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-old-journal-'))
  const file = join(folder, 'old.ottla')
  const database = new Sqlite(file)
  migrate(database, 0, 3)
  database.pragma('user_version = 3')
  database.pragma(`application_id = ${applicationId}`)
  database.exec(readFileSync(join(__dirname, 'old-journal.sql'), 'utf8'))
  database.close()
  broker = new TestBroker({}, file)
  desk = new TestDesk(broker)
  page = desk.page
})
afterEach(async () => {
  await desk.dispose()
  expect(desk.faults).toEqual([])
  await broker.dispose()
  rmSync(folder, { recursive: true })
})

test('rebalances of a journal from before causes were values keep their sentences', async () => {
  const { items: news } = await desk.watch('rebalances', { groupId: 'g' })
  const shown = news[0]?.boundaries?.map(({ boundary, epoch, kind, causes }) => [
    boundary,
    epoch,
    causeKindOf({ kind, causes }),
    causeText(causes),
  ])
  expect(shown).toEqual([
    ['start', 0, 'joined', 'tester (2e18) joined'],
    ['end', 1, 'other', 'tester (2e18) assigned the partitions'],
    ['startAndEnd', 2, 'silent', 'tester (2e18) sent no heartbeat for 10 s'],
    ['start', 2, 'joined', 'tester (b131) joined'],
    ['end', 3, 'other', 'tester (b131) assigned the partitions'],
    ['startAndEnd', 4, 'reset', 'its offsets were moved: reset to earliest'],
  ])
  const { frames = [] } = news[0] ?? {}
  expect(frames).toHaveLength(8)
  expect(frames.map(({ causes }) => causeText(causes))).toContain('the first wait for other members is over')
  expect(frames.at(-1)).toMatchObject({ boundary: 'startAndEnd', state: 'Empty' })
  expect(frames.at(-1)).not.toHaveProperty('turn')
})

test('such a journal is exported as a scenario with the causes of now', async () => {
  const text = await page.ask('rebalances.export', { groupId: 'g', from: 1, to: 8 })
  expect(text).toContain('sessionExpired a 10000')
  expect(text).toContain('told its offsets were moved: reset to earliest')
  expect(text).not.toContain('does not follow')
})

test('resets of such a file say whether they undid another', async () => {
  const history = await page.ask('reset.history', { groupId: 'g' })
  expect(history.map(({ kind, cause, undone }) => [kind, causeText([cause]), undone])).toEqual([
    ['undo', 'undid: reset to earliest', false],
    ['reset', 'reset to earliest', true],
  ])
})
