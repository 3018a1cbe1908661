import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Acl, anyAcl } from '../../../src-main/security/acl'
import { migrate } from '../../../src-main/storage/migrations'
import { TestBroker } from '../../support/core'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-acls-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A workspace of the format before ACLs had names: rows as that version wrote them. */
function oldWorkspace(file: string, acls: readonly Record<string, unknown>[]): void {
  const database = new Sqlite(file)
  migrate(database, 0, 3)
  database.pragma('user_version = 3')
  database.pragma(`application_id = ${0x4f74746c}`)
  for (const acl of acls) {
    const { resourceType, patternType, resourceName, principal, host, operation, permission } = acl
    database
      .prepare("INSERT INTO documents (kind, key, value) VALUES ('acl', ?, ?)")
      .run(
        JSON.stringify([resourceType, patternType, resourceName, principal, host, operation, permission]),
        JSON.stringify(acl),
      )
  }
  database.close()
}

test('ACLs of an older workspace, which had codes, are found by their names and can be deleted', async () => {
  const file = join(folder, 'old.ottla')
  const who = { principal: 'User:ali"ce\\ä', host: '*' }
  oldWorkspace(file, [
    { resourceType: 2, resourceName: 'orders', patternType: 3, ...who, operation: 8, permission: 3 },
    { resourceType: 5, resourceName: 'tx-', patternType: 4, ...who, operation: 15, permission: 2 },
    { resourceType: 7, resourceName: 'User:bob', patternType: 3, ...who, operation: 2, permission: 3 },
  ])
  const expected: Acl[] = [
    {
      resourceType: 'TOPIC',
      resourceName: 'orders',
      patternType: 'LITERAL',
      ...who,
      operation: 'DESCRIBE',
      permission: 'ALLOW',
    },
    {
      resourceType: 'TRANSACTIONAL_ID',
      resourceName: 'tx-',
      patternType: 'PREFIXED',
      ...who,
      operation: 'TWO_PHASE_COMMIT',
      permission: 'DENY',
    },
    {
      resourceType: 'USER',
      resourceName: 'User:bob',
      patternType: 'LITERAL',
      ...who,
      operation: 'ALL',
      permission: 'ALLOW',
    },
  ]
  const broker = new TestBroker({}, file)
  expect(broker.core.authorizer.find(anyAcl)).toEqual(expected)
  for (const acl of expected) broker.core.authorizer.remove(acl)
  await broker.core.commits.settled
  expect(broker.workspace.documents.list('acl')).toEqual([])
  await broker.dispose()
})
