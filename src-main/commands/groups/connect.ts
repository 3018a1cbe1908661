import type { Clock } from '../../base/clock'
import { KafkaClient } from '../../client/client'
import { type ClientConfig, readBootstrap } from '../../client/config/client-config'
import { defaultSettings } from '../../client/settings'
import { UsageError } from '../../options/serve'
import { readConfigFile } from '../config-file'
import type { Given } from './flags'

const defaultTimeoutMs = 30_000

/** A client by `--bootstrap-server` and `--command-config`; nothing is connected yet. @throws UsageError, SettingsError */
export function clientFor(given: Given, clock: Clock, version: string, warn: (text: string) => void): KafkaClient {
  const file = given['command-config']?.[0]
  const { settings, ignored } = file === undefined ? plain : readConfigFile('command-config', file, () => clock.now())
  if (ignored.length > 0) warn(`${file}: not understood, and ignored: ${ignored.join(', ')}`)
  const server = given['bootstrap-server']?.[0]
  const bootstrap = server === undefined ? settings.bootstrap : readBootstrap(server)
  return new KafkaClient(
    {
      ...defaultSettings,
      callTimeoutMs: defaultTimeoutMs,
      clientId: 'ottla-groups',
      softwareVersion: version,
      ...settings,
      ...timeouts(given),
      bootstrap: bootstrap ?? [{ host: 'localhost', port: 9092 }],
    },
    { clock },
  )
}

const plain: ClientConfig = { settings: { tls: null, sasl: null }, name: null, stage: null, ignored: [] }

function timeouts(given: Given): { callTimeoutMs?: number; requestTimeoutMs?: number } {
  const text = given.timeout?.[0]
  if (text === undefined) return {}
  const ms = Number(text)
  if (!Number.isSafeInteger(ms) || ms < 1) throw new UsageError('--timeout is a number of ms.')
  return { callTimeoutMs: ms, requestTimeoutMs: ms }
}
