import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createLog, silentLog } from '../../../src-main/base/log'
import { CertificateWatch } from '../../../src-main/certificate-watch'
import { TestBroker } from '../../support/core'

let broker: TestBroker
let watch: CertificateWatch | undefined
beforeEach(() => {
  broker = new TestBroker()
})
afterEach(async () => {
  watch?.dispose()
  await broker.dispose()
})

/** Until all that needs no more than this turn of the event loop is done. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

test('looks that fall due while one waits for a disk are left out', async () => {
  const waiting: (() => void)[] = []
  const renewTls = vi.fn(() => new Promise<void>((resolve) => void waiting.push(resolve)))
  const { clock, core } = broker
  watch = new CertificateWatch(
    [{ identity: { name: 'SSL', securityProtocol: 'SSL' }, bound: { renewTls }, fingerprint: 'an earlier one' }],
    { configs: core.configs, tryStores: () => Promise.resolve(), clock, log: silentLog },
  )
  // What is new must be the same for two looks.
  await watch.look()
  clock.advance(1000)
  await turn()
  expect(renewTls).toHaveBeenCalledTimes(1)
  for (let second = 0; second < 60; second++) clock.advance(1000)
  const read = vi.spyOn(core.configs, 'broker')
  const looks = () => read.mock.calls.filter(([name]) => name === 'ssl.keystore.location').length
  for (const resolve of waiting) resolve()
  await turn()
  expect(looks()).toBe(0)
  clock.advance(1000)
  await turn()
  expect(looks()).toBe(1)
})

test('a look that fails stands in the way of no other, and says so once', async () => {
  const { clock, core } = broker
  const lines: string[] = []
  const log = createLog('server', 'info', ({ text }) => lines.push(text), Date.now)
  const renewed: string[] = []
  const listener = (name: string) => ({
    identity: { name, securityProtocol: 'SSL' as const },
    bound: { renewTls: async () => void renewed.push(name) },
    fingerprint: 'an earlier one',
  })
  const configs = core.configs
  watch = new CertificateWatch([listener('BAD'), listener('GOOD')], {
    configs,
    tryStores: () => Promise.resolve(),
    clock,
    log,
  })
  const broken = vi.spyOn(configs, 'broker').mockImplementation((name) => {
    if (name.startsWith('listener.name.bad.')) throw new Error('no memory')
    return ''
  })
  for (let looks = 0; looks < 3; looks++) await watch.look()
  expect(lines).toEqual([
    'listener BAD keeps its certificate: no memory',
    'listener GOOD: new connections get the new certificate',
  ])
  expect([renewed, watch.problem('BAD'), watch.problem('GOOD')]).toEqual([['GOOD'], 'no memory', null])
  broken.mockRestore()
  await watch.look(true)
  expect([renewed, watch.problem('BAD')]).toEqual([['GOOD', 'BAD'], null])
})
