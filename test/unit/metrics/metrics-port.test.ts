import { expect, test } from 'vitest'
import { createLog } from '../../../src-main/base/log'
import { embeddedSettings } from '../../../src-main/desk/embedded/settings'
import type { MetricsPlace } from '../../../src-main/desk/embedded/start'
import { openMetricsPort } from '../../../src-main/metrics-port'
import { TestBroker } from '../../support/core'

async function settingLine(place: MetricsPlace | null) {
  const broker = new TestBroker()
  const fail = (error: unknown) => {
    throw error
  }
  const settings = embeddedSettings(broker.core, { listeners: [], decided: [], metrics: () => place }, fail)
  const line = (await settings.lines()).find(({ name }) => name === 'ottla.metrics')
  await broker.dispose()
  return line
}

test('metrics alone are served on a port of their own; one that is in use is logged, and the settings say what to do', async () => {
  const logged: string[] = []
  const log = createLog('web', 'info', ({ level, text }) => logged.push(`${level} ${text}`), Date.now)
  const options = { token: 'a', metrics: { contentType: 'text/plain', text: async () => 'one 1\n' }, log }
  const ends: (() => Promise<void>)[] = []
  try {
    const first = await openMetricsPort({ ...options, port: 0 }, ends)
    expect(await (await fetch(first.url!)).text()).toBe('one 1\n')
    expect(await settingLine(first)).toMatchObject({ address: first.url, problem: null })
    const port = Number(new URL(first.url!).port)
    const second = await openMetricsPort({ ...options, port }, ends)
    const problem = `Metrics are not served: port ${port} is in use by another program. Free it, or choose another port for Kafka: metrics have the port 1000 above it. Then restart the broker.`
    expect(second).toEqual({ url: null, problem })
    expect(logged).toEqual([`error ${problem}`])
    expect(await settingLine(second)).toMatchObject({ address: null, problem })
    expect(await settingLine(null)).toMatchObject({ address: null, problem: null })
  } finally {
    for (const end of ends) await end()
  }
})
