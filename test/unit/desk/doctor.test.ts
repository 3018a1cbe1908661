import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../../../src-main/base/clock'
import { silentLog } from '../../../src-main/base/log'
import type { DoctorView } from '../../../src-main/contract/connections'
import type { ListenerLine } from '../../../src-main/contract/workspace'
import { doctorHandlers } from '../../../src-main/desk/doctor/handlers'
import { ownFindings } from '../../../src-main/own-doctor'
import { defaultLimits } from '../../../src-main/server/limits'
import { Server } from '../../../src-main/server/server'
import { TestBroker } from '../../support/core'

let broker: TestBroker
let server: Server
let port: number
beforeEach(async () => {
  broker = new TestBroker()
  server = new Server({ broker: broker.broker, limits: defaultLimits, clock: systemClock, log: silentLog })
  const bound = await server.listen({ name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', hosts: ['127.0.0.1'], port: 0 })
  port = bound.addresses[0]?.port ?? 0
})
afterEach(async () => {
  await server.stop()
  await broker.dispose()
})

function listener(change: Partial<ListenerLine>): ListenerLine {
  const plain = { name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', addresses: [`127.0.0.1:${port}`] }
  return { ...plain, advertised: null, isOpen: false, problem: null, ...change }
}

async function found(...listeners: ListenerLine[]) {
  const findings = []
  for await (const finding of ownFindings(listeners, systemClock)) findings.push(finding)
  return findings
}

test('the doctor tries each listener of the own broker, and says what containers would dial', async () => {
  const findings = await found(
    listener({}),
    listener({ name: 'SASL_SSL', securityProtocol: 'SASL_SSL' }),
    listener({ name: 'TAKEN', addresses: [], problem: 'Port 9093 belongs to another program.' }),
  )
  expect(findings.map(({ step, passed }) => `${step} ${passed}`)).toEqual([
    'connect true',
    'ApiVersions true',
    'metadata true',
    'node true',
    'connect true',
    'connect false',
    'containers true',
  ])
  expect(findings[4]?.text).toContain('security.protocol=SASL_SSL')
  expect(findings[5]?.text).toBe('Port 9093 belongs to another program.')
  expect(findings.at(-1)).toMatchObject({
    text: 'a container that dials localhost dials itself, and never reaches this broker',
    advice: expect.stringContaining('host.docker.internal:29092'),
  })
  const [last] = (await found(listener({ advertised: 'host.docker.internal:29092', isOpen: true }))).slice(-1)
  expect(last).toMatchObject({ text: expect.stringContaining('containers connect to host.docker.internal:29092') })
})

test('a page sees what was found so far, until all is tried', async () => {
  const views: DoctorView[] = []
  const one = { step: 'connect', at: 'a:1', passed: true, text: '1 ms', advice: null }
  async function* examine() {
    yield one
    yield { ...one, step: 'TLS' }
  }
  await new Promise<void>((resolve, reject) => {
    doctorHandlers(examine).doctor({ run: 0 }, {
      push: (view: DoctorView) => {
        views.push(view)
        if (view.isDone) resolve()
      },
      fail: reject,
      end: () => {},
    } as Parameters<ReturnType<typeof doctorHandlers>['doctor']>[1])
  })
  expect(views.map(({ findings, isDone }) => [findings.length, isDone])).toEqual([
    [0, false],
    [1, false],
    [2, false],
    [2, true],
  ])
})
