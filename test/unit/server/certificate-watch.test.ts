import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { silentLog } from '../../../src-main/base/log'
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
