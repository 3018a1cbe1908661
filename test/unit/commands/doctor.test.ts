import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { examine, type Finding } from '../../../src-main/client/doctor'
import { readOnly } from '../../../src-main/client/read-only'
import { readRoutes } from '../../../src-main/client/routes'
import { type ClientSettings, defaultSettings } from '../../../src-main/client/settings'
import { doctorCommand } from '../../../src-main/commands/doctor/command'
import { FakeCluster } from '../../support/fake-cluster'

let cluster: FakeCluster
beforeEach(() => {
  cluster = new FakeCluster([1, 2])
})
afterEach(() => cluster.dispose())

const known = new Map([
  ['node', ['10.0.0.1']],
  ['localhost', ['127.0.0.1']],
])
const resolve = async (host: string) => {
  const found = known.get(host)
  if (!found) throw Object.assign(new Error('not found'), { code: 'ENOTFOUND' })
  return found
}

/** Brokers as the cluster advertises them; `PORT` of the fake cluster is the node. */
function advertises(brokers: readonly { nodeId: number; host: string; port: number }[]): void {
  cluster.on('Metadata', async ({ serve }) => ({
    body: { ...(await serve()), brokers: brokers.map((broker) => ({ ...broker, rack: null })) },
  }))
}

async function found(settings: Partial<ClientSettings> = {}, failing: readonly string[] = []): Promise<Finding[]> {
  const all: Finding[] = []
  const whole = {
    ...defaultSettings,
    clientId: 'doctor',
    bootstrap: [{ host: 'node', port: 1 }],
    forbids: readOnly('It writes nothing.'),
    ...settings,
  }
  const dial: typeof cluster.dial = (target, signal) =>
    failing.includes(target.host)
      ? Promise.reject(Object.assign(new Error('x'), { code: 'EHOSTUNREACH' }))
      : cluster.dial(target, signal)
  const run = async () => {
    for await (const finding of examine(whole, { clock: cluster.clock, dial, resolve })) all.push(finding)
  }
  await cluster.settle(run())
  return all
}

const short = (findings: readonly Finding[]) =>
  findings.map(({ step, at, passed }) => `${passed ? 'ok' : 'failed'} ${step} ${at}`)

describe('the doctor', () => {
  it('tries every step and every node of a cluster', async () => {
    expect(short(await found())).toEqual([
      'ok resolve node:1',
      'ok connect node:1',
      'ok ApiVersions node:1',
      'ok metadata node:1',
      'ok node node 1, node:1',
      'ok node node 2, node:2',
    ])
    expect(new Set(cluster.asked.map(({ name }) => name))).toEqual(new Set(['ApiVersions', 'Metadata']))
  })

  it('says which step fails, and tries the other bootstrap servers', async () => {
    const bootstrap = [
      { host: 'unknown', port: 9092 },
      { host: 'node', port: 2 },
    ]
    const findings = await found({ bootstrap })
    expect(short(findings).slice(0, 3)).toEqual([
      'failed resolve unknown:9092',
      'ok resolve node:2',
      'ok connect node:2',
    ])
    expect(findings[0]?.text).toBe('The name unknown cannot be resolved (ENOTFOUND).')
    cluster.stop(1)
    expect((await found()).map(({ text }) => text)).toEqual([
      '10.0.0.1',
      'There is no broker at node:1: the connection was refused.',
    ])
    cluster.startAgain(1)
    cluster.on('ApiVersions', () => 'close')
    const closed = await found()
    expect(short(closed).at(-1)).toBe('failed ApiVersions node:1')
    expect(closed.at(-1)?.text).toContain('If it speaks TLS')
  })

  it('says what SASL a broker refuses', async () => {
    const credentials = { mechanism: 'PLAIN', user: 'alice', password: 'wrong' } as const
    const findings = await found({ sasl: { mechanism: 'PLAIN', credentials: async () => credentials } })
    expect(short(findings).at(-1)).toBe('failed SASL node:1')
    expect(findings.at(-1)?.text).toContain('this listener has no SASL')
  })

  it('offers the rule for a single broker behind a forwarded port, and the rule mends it', async () => {
    advertises([{ nodeId: 1, host: 'kafka', port: 9092 }])
    const broken = await found()
    expect(broken.at(-1)).toEqual({
      step: 'node',
      at: 'node 1, kafka:9092',
      passed: false,
      text: 'The name kafka cannot be resolved (ENOTFOUND).',
      advice: 'The bootstrap server is this node: set ottla.addresses=*=bootstrap.',
      rule: '*=bootstrap',
    })
    const mended = await found({ routes: readRoutes('*=bootstrap') })
    expect(mended.at(-1)).toMatchObject({ at: 'node 1, kafka:9092', passed: true })
  })

  it('offers a forwarded port for each broker in Kubernetes', async () => {
    advertises([
      { nodeId: 0, host: 'k-0.k-brokers.prod.svc', port: 9092 },
      { nodeId: 1, host: 'node', port: 1 },
    ])
    const [broken, fine] = (await found()).slice(-2)
    expect(broken?.advice).toContain('Let kubectl forward a port to the pod of each broker (k-0 is one)')
    expect(broken?.rule).toBe('*.svc*=k8s://')
    expect(fine).toMatchObject({ passed: true, text: 'reached' })
  })

  it('tells a broker that advertises localhost to a client elsewhere', async () => {
    advertises([{ nodeId: 1, host: 'localhost', port: 1 }])
    expect((await found()).at(-1)).toMatchObject({
      passed: false,
      advice: expect.stringContaining('--advertise node:1'),
    })
    expect((await found({ bootstrap: [{ host: 'localhost', port: 1 }] })).at(-1)).toMatchObject({
      passed: true,
      text: expect.stringContaining('a client in a container would reach the container itself'),
    })
    const [unreachable] = (await found({}, ['localhost'])).slice(-1)
    expect(unreachable).toMatchObject({
      passed: false,
      text: expect.stringContaining('There is no way to localhost:1'),
    })
  })
})

describe('ottla doctor', () => {
  it('prints one line for each step, and what would mend a failed one', async () => {
    advertises([{ nodeId: 1, host: 'kafka', port: 9092 }])
    const said: string[] = []
    const parts = {
      clock: cluster.clock,
      dial: cluster.dial,
      resolve,
      environment: {},
      version: '0',
      print: (text: string) => void said.push(text),
      warn: (text: string) => void said.push(text),
      stored: async () => undefined,
    }
    expect(await cluster.settle(doctorCommand(['node:1'], parts))).toBe(false)
    expect(said).toEqual([
      'ok      resolve      node:1: 10.0.0.1\n',
      expect.stringMatching(/^ok {6}connect {6}node:1: \d+ ms\n$/),
      'ok      ApiVersions  node:1: the broker answers\n',
      expect.stringMatching(/^ok {6}metadata {5}node:1: cluster .+, nodes: 1\n$/),
      'FAILED  node         node 1, kafka:9092: The name kafka cannot be resolved (ENOTFOUND).\n                     The bootstrap server is this node: set ottla.addresses=*=bootstrap.\n',
      'Something fails: see above.\n',
    ])
    await expect(doctorCommand(['a:1', 'b:1'], parts)).rejects.toThrow('one cluster')
    await expect(doctorCommand(['--cluster', 'nowhere'], parts)).rejects.toThrow(
      'there is no file nowhere, and no stored connection with this name',
    )
  })
})
