import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readNamedConfig } from '../../../src-main/commands/config-file'
import { connectionsCommand } from '../../../src-main/commands/connections/command'
import { Connections } from '../../../src-main/connections/connections'
import { MemorySecrets } from '../../../src-main/connections/secrets'

let folder: string
let connections: Connections
const said: string[] = []
beforeEach(() => {
  said.length = 0
  folder = mkdtempSync(join(tmpdir(), 'ottla-connections-'))
  const path = join(folder, 'connections.json')
  connections = new Connections({
    path,
    secrets: new MemorySecrets(),
    now: () => 0,
    onError: (error) => said.push(String(error)),
  })
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const run = (...argv: string[]) =>
  connectionsCommand(argv, {
    environment: {},
    print: (text) => void said.push(text),
    warn: (text) => void said.push(`! ${text}`),
    connections,
  })

const save = () =>
  connections.save({
    id: null,
    name: 'payments',
    color: null,
    stage: 'production',
    settings: { 'bootstrap.servers': 'a:9093', 'security.protocol': 'SASL_SSL' },
    secrets: { 'sasl.password': 'hush' },
    storesSecrets: false,
  })

describe('ottla connections', () => {
  it('lists what is stored, and where secrets are read from', async () => {
    await run('list')
    expect(said).toEqual(['No connection is stored. Add one on the Connections page of the desktop app.\n'])
    said.length = 0
    save()
    await run('list')
    await run('list', '--json')
    expect(said).toEqual([
      'NAME      STAGE       SERVERS  SECURITY  CLUSTER-ID  SECRETS-FROM\npayments  production  a:9093   SASL_SSL  -           OTTLA_SECRET_PAYMENTS_SASL_PASSWORD\n',
      `${JSON.stringify({
        name: 'payments',
        color: null,
        stage: 'production',
        settings: { 'bootstrap.servers': 'a:9093', 'security.protocol': 'SASL_SSL' },
        secrets: ['sasl.password'],
        clusterId: null,
      })}\n`,
    ])
  })

  it('accepts another cluster under the same name', async () => {
    const id = save()
    connections.pin(id, 'first')
    await run('accept', 'Payments')
    expect(connections.byId(id).clusterId).toBeNull()
    await expect(run('accept', 'orders')).rejects.toThrow('There is no stored connection orders.')
    await expect(run('remove')).rejects.toThrow('There are ottla connections list')
  })

  it('are found by their names where a file could be named', async () => {
    const stored = async (name: string) =>
      name === 'payments' ? new Map([['bootstrap.servers', 'a:9093']]) : undefined
    const parts = { stored, secretFile: null, now: () => 0 }
    expect((await readNamedConfig('from', 'payments', parts)).settings.bootstrap).toEqual([{ host: 'a', port: 9093 }])
    await expect(readNamedConfig('from', 'orders', parts)).rejects.toThrow(
      '--from cannot be read: there is no file orders, and no stored connection with this name.',
    )
  })
})
