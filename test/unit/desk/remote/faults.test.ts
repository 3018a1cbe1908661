import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { readClientConfig } from '../../../../src-main/client/config/client-config'
import type { ClientSettings } from '../../../../src-main/client/settings'
import { pinned } from '../../../../src-main/cluster-pin'
import type { Client } from '../../../../src-main/contract/client'
import type { FeedName } from '../../../../src-main/contract/contract'
import { batchOf, start } from '../../../support/core'
import { type Asked, FakeCluster } from '../../../support/fake-cluster'
import { RemoteDesk } from '../../../support/remote-desk'

let cluster: FakeCluster
let remote: RemoteDesk

async function open(settings: Partial<ClientSettings> = {}, config: Record<string, string> = {}, listener?: string) {
  cluster = new FakeCluster([1], config, listener)
  const tester = cluster.broker.client()
  await tester.create('orders', 2)
  await tester.produce('orders', batchOf(['a', 'b']), 0)
  remote = await RemoteDesk.open(cluster, true, { requestTimeoutMs: 1000, callTimeoutMs: 2000, ...settings })
}
afterEach(async () => {
  remote.dispose()
  await cluster.dispose()
})

/** How a feed fails. */
function failure(page: Client, name: FeedName): Promise<string> {
  return cluster.settle(
    new Promise<string>((resolve) => {
      page.feed(name, undefined as never, { items: () => {}, failed: resolve })
    }),
  )
}

/** A page opens a feed again after it failed: it has what is there now. */
const topicNames = async () => {
  const names = (await remote.picture('topics', undefined)).map(({ name }) => name)
  // What else was asked at the same time has its answer before time goes on.
  await cluster.quiet()
  return names
}

describe('a cluster that is open', () => {
  test('and whose broker is stopped says so, and is there again with it', async () => {
    await open()
    expect(await topicNames()).toContain('orders')
    cluster.stop(1)
    cluster.clock.advance(20_000)
    expect(await failure(remote.page, 'topics')).toBe('There is no broker at node:1: the connection was refused.')
    cluster.startAgain(1)
    expect(await topicNames()).toContain('orders')
  })

  test('and whose token has expired says why, and goes on with a new one', async () => {
    let password = 'alice-secret'
    const sasl = {
      mechanism: 'PLAIN' as const,
      credentials: async () => ({ mechanism: 'PLAIN' as const, user: 'alice', password }),
    }
    const users = { 'sasl.jaas.config': 'x required user_alice="alice-secret";', 'sasl.enabled.mechanisms': 'PLAIN' }
    await open({ sasl }, { ...users, 'connections.max.reauth.ms': '60000' }, 'SASL_PLAINTEXT')
    expect(await topicNames()).toContain('orders')
    // The session ends, and what would renew it no longer holds.
    password = 'expired'
    cluster.clock.advance(70_000)
    expect(await failure(remote.page, 'topics')).toMatch(
      /refused the authentication with PLAIN: .*Authentication failed/,
    )
    password = 'alice-secret'
    expect(await topicNames()).toContain('orders')
  })

  test('reads the file of its token again: a renewed one goes on unnoticed, an expired one is named until it is renewed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'ottla-token-'))
    try {
      const file = join(folder, 'token.jwt')
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      /** A token that expires so long after the start. */
      const write = (seconds: number) => {
        const claims = { sub: 'alice', iat: start / 1000, exp: start / 1000 + seconds }
        writeFileSync(file, `${part({ alg: 'none' })}.${part(claims)}.`)
      }
      write(60)
      const lines = [
        'security.protocol=SASL_PLAINTEXT',
        'sasl.mechanism=OAUTHBEARER',
        `sasl.oauthbearer.token.endpoint.url=file://${file}`,
      ]
      const { sasl } = readClientConfig(lines.join('\n'), () => cluster.clock.now()).settings
      const broker = { 'sasl.enabled.mechanisms': 'OAUTHBEARER', 'connections.max.reauth.ms': '3600000' }
      await open({ sasl }, broker, 'SASL_PLAINTEXT')
      expect(await topicNames()).toContain('orders')
      const { length: connections } = cluster.dialled
      write(300)
      cluster.clock.advance(55_000)
      expect(await topicNames()).toContain('orders')
      cluster.clock.advance(60_000)
      // The first token is of no use now, and the connection is still the first one.
      expect(await topicNames()).toContain('orders')
      expect(cluster.dialled.length).toBe(connections)

      cluster.clock.advance(300_000)
      expect(await failure(remote.page, 'topics')).toBe(
        `node:1 refused the authentication with OAUTHBEARER: {"status":"invalid_token"}. The token expired at ${new Date(start + 300_000).toISOString()}. Write a new one to ${file}: the file is read for every connection.`,
      )
      write(3600)
      expect(await topicNames()).toContain('orders')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })

  test('and becomes another one is not read from then on', async () => {
    let id: string | undefined
    await open({ refusesCluster: pinned(null) })
    expect(await topicNames()).toContain('orders')
    cluster.on('Metadata', async ({ serve }) => ({
      body: { ...(await serve()), clusterId: id, brokers: [{ nodeId: 1, host: 'node', port: 1, rack: null }] },
    }))
    id = 'another-cluster'
    cluster.clock.advance(20_000)
    expect(await failure(remote.page, 'topics')).toMatch(/^This is another cluster: its id is another-cluster/)
    // The address leads to the first one again.
    id = remote.client.metadata.clusterId ?? ''
    expect(await topicNames()).toContain('orders')
  })

  test('and does not answer in time says so, and is there again when it does', async () => {
    await open()
    expect(await topicNames()).toContain('orders')
    const answers = async ({ serve }: Pick<Asked<'Metadata'>, 'serve'>) => ({
      body: { ...(await serve()), brokers: [{ nodeId: 1, host: 'node', port: 1, rack: null }] },
    })
    cluster.on('Metadata', () => 'silence')
    cluster.clock.advance(20_000)
    expect(await failure(remote.page, 'topics')).toMatch(/did not answer Metadata within 1 s\.$/)
    cluster.on('Metadata', answers)
    expect(await topicNames()).toContain('orders')
  })
})
