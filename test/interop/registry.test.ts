import { spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { BrokerProcess } from '../support/broker'
import { needsNpmClient, npmClients } from '../support/npm-clients'
import { needsPython, outputOf, runPython } from '../support/python'
import { itNeeds } from '../support/require'

const clients = join(__dirname, 'clients')
const one = '{"type":"record","name":"R","fields":[{"name":"a","type":"int"}]}'

const needsGo = spawnSync('go', ['version']).status === 0 ? {} : { missing: 'no go' }

let broker: BrokerProcess
beforeEach(async () => {
  broker = await BrokerProcess.start()
})
afterEach(async () => {
  await broker.dispose()
})

function url(): string {
  const { registry } = broker.ready
  if (registry === null) throw new Error('there is no registry')
  return registry
}

async function register(subject: string, schema: string): Promise<{ readonly id: number; readonly version: number }> {
  const response = await fetch(`${url()}/subjects/${subject}/versions`, {
    method: 'POST',
    body: JSON.stringify({ schema }),
  })
  expect(response.status).toBe(200)
  return (await response.json()) as { id: number; version: number }
}

const get = async (path: string) => (await (await fetch(`${url()}${path}`)).json()) as unknown

describe('the schema registry', () => {
  itNeeds(
    [needsPython('current', 'confluent_kafka'), needsPython('current', 'fastavro')],
    'serves confluent-kafka for Python: Avro, Protobuf and JSON Schema',
    async () => {
      const output = await runPython('current', join(clients, 'registry_confluent.py'), [broker.address, url()])
      expect(output.trim()).toMatch(/^ok \d+$/)
    },
  )

  for (const [name, script] of [
    ['@confluentinc/schemaregistry', 'registry_confluent.cjs'],
    ['@kafkajs/confluent-schema-registry', 'registry_kafkajs.cjs'],
  ] as const) {
    itNeeds([needsNpmClient(name)], `serves ${name}`, async () => {
      const child = spawn(process.execPath, [join(clients, script), url()], {
        env: { ...process.env, NODE_PATH: npmClients },
      })
      expect((await outputOf(child, script)).trim()).toBe('ok')
    })
  }

  itNeeds([needsGo], "serves franz-go's sr", async () => {
    const child = spawn('go', ['run', '.', url()], { cwd: join(clients, 'registry-go') })
    expect((await outputOf(child, 'registry-go')).trim()).toBe('ok')
  })

  it('answers in both families, and survives kill -9', async () => {
    expect(await register('s', one)).toMatchObject({ id: 1, version: 1 })
    const port = new URL(url()).port
    expect(await (await fetch(`http://[::1]:${port}/subjects`)).json()).toEqual(['s'])
    await broker.kill()
    await broker.startAgain()
    expect(await get('/subjects')).toEqual(['s'])
    expect(await register('t', one)).toMatchObject({ id: 1, version: 1 })
    expect(await register('t2', '"string"')).toMatchObject({ id: 2 })
  })

  it('loses nothing that it acknowledged when it is killed in the middle', async () => {
    const acknowledged = new Map<string, number>()
    let stops = false
    const load = Array.from({ length: 8 }, async (_, worker) => {
      for (let i = 0; !stops; i++) {
        const subject = `s-${worker}-${i}`
        const answer = await register(subject, `{"type":"int","n":${worker * 100_000 + i}}`).catch(() => null)
        if (answer === null) return
        acknowledged.set(subject, answer.id)
        if (acknowledged.size >= 200) stops = true
      }
    })
    await Promise.race(load)
    await broker.kill()
    await Promise.allSettled(load)
    await broker.startAgain()
    expect(acknowledged.size).toBeGreaterThan(20)
    for (const [subject, id] of acknowledged) {
      expect(await get(`/subjects/${subject}/versions/latest`)).toMatchObject({ subject, id, version: 1 })
    }
  })

  it('is what `ottla schemas` uses in CI: exit code 1 for an incompatible schema, with the reason', async () => {
    await register('s', one)
    const ottla = (input: string, ...words: string[]) => {
      const argv = [join(__dirname, '../../bin/ottla.js'), 'schemas', ...words, '--registry-url', url()]
      return spawnSync(process.execPath, argv, { input, encoding: 'utf8' })
    }
    const incompatible = one.replace('"a"', '"b"')
    const failed = ottla(incompatible, 'check', 's', '-', '--type', 'avro')
    expect(failed.status).toBe(1)
    expect(failed.stdout).toContain("errorType:'READER_FIELD_MISSING_DEFAULT_VALUE'")
    expect(ottla(one, 'check', 's', '-', '--type', 'avro')).toMatchObject({ status: 0, stdout: 's: compatible\n' })
    expect(ottla(incompatible, 'register', 's', '-', '--type', 'avro')).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('ottla: Schema being registered is incompatible'),
    })
    expect(ottla('', 'list')).toMatchObject({ status: 0, stdout: 's\n' })
  })

  it('takes the next free port, unless it was named', async () => {
    const second = await BrokerProcess.start({ args: ['--registry-port', new URL(url()).port] }).then(
      () => 'started',
      (error: Error) => error.message,
    )
    expect(second).toContain('for the schema registry is in use by another program')
    const none = await BrokerProcess.start({ args: ['--no-registry'] })
    expect(none.ready.registry).toBeNull()
    await none.dispose()
  })
})
