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
  const fileWith = (...lines: readonly string[]) => {
    const file = join(folder, 'client.properties')
    writeFileSync(file, ['bootstrap.servers=127.0.0.1:1', ...lines].join('\n'))
    return file
  }

  it('is changed by those only who type its name', async () => {
    const file = fileWith('ottla.name=payments', 'ottla.stage=production')
    const auditFile = join(folder, 'audit.jsonl')
    const clock = new ManualClock(start)
    for (const unlocked of [null, 'orders']) {
      const run = startRemoteApp(
        { file, isWritable: true, unlocked, auditFile },
        { uiPort: 0 },
        { clock, logOf: () => silentLog, entriesFolder: folder },
      )
      await expect(run).rejects.toThrow('payments is in production: to change it for 15 minutes, add --unlock')
    }
  })

  it('has its name and stage from the file', () => {
    const label = (...lines: readonly string[]) => clusterSettings(fileWith(...lines), '0', () => {}).label
    expect(label('ottla.name=payments', 'ottla.stage=Production')).toEqual({ name: 'payments', stage: 'production' })
    expect(label()).toEqual({ name: '127.0.0.1:1', stage: null })
    expect(() => label('ottla.stage=prod')).toThrow(
      'ottla.stage is prod; it can be development, test, staging, production',
    )
  })
})
