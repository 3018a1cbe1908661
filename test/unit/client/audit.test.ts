import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { auditLog } from '../../../src-main/audit-log'
import { ManualClock } from '../../../src-main/base/clock'
import { silentLog } from '../../../src-main/base/log'
import { createTopics } from '../../../src-main/client/admin/topics'
import { readOnly } from '../../../src-main/client/read-only'
import { clusterSettings } from '../../../src-main/cluster-settings'
import { WriteLock } from '../../../src-main/desk/remote/write-lock'
import { startRemoteApp } from '../../../src-main/remote-app'
import { start } from '../../support/core'
import { FakeCluster } from '../../support/fake-cluster'

let cluster: FakeCluster
let folder: string
beforeEach(() => {
  cluster = new FakeCluster()
  folder = mkdtempSync(join(tmpdir(), 'ottla-audit-'))
})
afterEach(async () => {
  await cluster.dispose()
  rmSync(folder, { recursive: true })
})

describe('the audit log', () => {
  it('has a line for every request that changes something, and none for others', async () => {
    const file = join(folder, 'app', 'audit.jsonl')
    const client = cluster.client({ audit: auditLog(file, 'orders cluster', () => start) })
    await cluster.settle(client.nodes())
    await cluster.settle(createTopics(client, [{ name: 'new', partitions: 1 }]))
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      {
        at: new Date(start).toISOString(),
        cluster: 'orders cluster',
        broker: 'node:1',
        api: 'CreateTopics',
        version: 7,
        length: expect.any(Number),
        request: expect.any(String),
      },
    ])
    expect(Buffer.from(JSON.parse(lines[0] ?? '').request, 'base64').includes('new')).toBe(true)
    expect(statSync(file).mode & 0o777).toBe(0o600)
  })

  it('keeps no secret', () => {
    const file = join(folder, 'audit.jsonl')
    const bytes = Buffer.from('salted password')
    auditLog(file, 'c', () => start)({ api: 'AlterUserScramCredentials', version: 0, broker: 'b:1', bytes })
    expect(JSON.parse(readFileSync(file, 'utf8'))).not.toHaveProperty('request')
  })

  it('that cannot be written holds the request back', async () => {
    writeFileSync(join(folder, 'taken'), '')
    const client = cluster.client({ audit: auditLog(join(folder, 'taken', 'audit.jsonl'), 'c', () => start) })
    await expect(cluster.settle(createTopics(client, [{ name: 'new', partitions: 1 }]))).rejects.toThrow(
      'CreateTopics was not sent: the audit log cannot be written',
    )
    expect(cluster.requests('CreateTopics')).toEqual([])
  })
})

describe('a read-only client', () => {
  it('sends nothing that changes something', async () => {
    const client = cluster.client({ forbids: readOnly('Only looking.') })
    await expect(cluster.settle(createTopics(client, [{ name: 'new', partitions: 1 }]))).rejects.toThrow(
      'Only looking. (CreateTopics was not sent.)',
    )
    expect(cluster.requests('CreateTopics')).toEqual([])
  })
})

describe('a cluster in production', () => {
  it('is not unlocked by another name', async () => {
    const properties = new Map([
      ['bootstrap.servers', '127.0.0.1:1'],
      ['ottla.name', 'payments'],
      ['ottla.stage', 'production'],
    ])
    const run = startRemoteApp(
      { properties, origin: 'a file', label: null, pin: null },
      {
        writing: 'always',
        takesNextPort: false,
        unlocked: 'orders',
        auditFile: join(folder, 'audit.jsonl'),
        tokenFile: join(folder, 'tokens.json'),
      },
      { uiPort: 0 },
      { clock: new ManualClock(start), logOf: () => silentLog, entriesFolder: folder },
    )
    await expect(run).rejects.toThrow('Type the name of the cluster, payments, to unlock it.')
  })

  it('is changed for 15 minutes after its name was typed', () => {
    const clock = new ManualClock(start)
    const lock = new WriteLock({ name: 'payments', stage: 'production', writing: 'unlocked' }, clock)
    expect(lock.forbids('CreateTopics')).toBe(
      'This cluster is read-only. Unlock it in the band above the page to change it. (CreateTopics was not sent.)',
    )
    expect(() => lock.unlock('payment')).toThrow('Type the name of the cluster, payments, to unlock it.')
    expect(lock.label).toEqual({ isReadOnly: true, canUnlock: true, unlockedForMs: null })
    lock.unlock(' payments ')
    expect(lock.label).toEqual({ isReadOnly: false, canUnlock: true, unlockedForMs: 15 * 60_000 })
    clock.advance(15 * 60_000 - 1)
    expect(lock.forbids('CreateTopics')).toBeUndefined()
    clock.advance(1)
    expect([lock.forbids('CreateTopics') === undefined, lock.forbids('Fetch')]).toEqual([false, undefined])
    lock.unlock('payments')
    lock.lock()
    expect(lock.label.isReadOnly).toBe(true)
  })

  it('asks once in a session before messages are written, also when it is unlocked', () => {
    const lock = new WriteLock({ name: 'payments', stage: 'production', writing: 'unlocked' }, new ManualClock(start))
    lock.unlock('payments')
    const sentence = 'payments is marked as production: first confirm in its pages that messages may be written.'
    expect([lock.asksForMessages, lock.whyNoMessages()]).toEqual(['payments', sentence])
    expect([lock.forbids('Produce'), lock.forbids('CreateTopics')]).toEqual([
      `${sentence} (Produce was not sent.)`,
      undefined,
    ])
    expect(() => lock.allowMessages('orders')).toThrow('This cluster is payments, not orders.')
    lock.allowMessages('payments')
    expect([lock.asksForMessages, lock.forbids('Produce')]).toEqual([null, undefined])
    lock.endSession()
    expect(lock.asksForMessages).toBe('payments')
    lock.allowMessages('payments')
    lock.lock()
    lock.unlock('payments')
    expect(lock.forbids('Produce')).toBe(`${sentence} (Produce was not sent.)`)
  })

  it('is the only one that asks', () => {
    for (const stage of ['staging', null] as const) {
      const lock = new WriteLock({ name: 'payments', stage, writing: 'always' }, new ManualClock(start))
      lock.endSession()
      expect([lock.asksForMessages, lock.whyNoMessages(), lock.forbids('Produce')]).toEqual([
        null,
        undefined,
        undefined,
      ])
    }
  })

  it('is never unlocked where it is opened only to look', () => {
    const lock = new WriteLock({ name: 'payments', stage: null, writing: 'never' }, new ManualClock(start))
    expect(() => lock.unlock('payments')).toThrow(
      'This cluster is opened read-only. Start with --writable to change it.',
    )
    expect(lock.label).toEqual({ isReadOnly: true, canUnlock: false, unlockedForMs: null })
  })

  it('has its name and stage from the file', () => {
    const label = (...lines: readonly string[]) => {
      const properties = new Map(
        ['bootstrap.servers=127.0.0.1:1', ...lines].map((line) => line.split('=') as [string, string]),
      )
      return clusterSettings({ properties, origin: 'a file', label: null }, '0', () => {}).label
    }
    expect(label('ottla.name=payments', 'ottla.stage=Production')).toEqual({
      name: 'payments',
      stage: 'production',
      color: null,
    })
    expect(label()).toEqual({ name: '127.0.0.1:1', stage: null, color: null })
    expect(() => label('ottla.stage=prod')).toThrow(
      'ottla.stage is prod; it can be development, test, staging, production',
    )
  })
})
