import { describe, expect, it } from 'vitest'
import { readServeOptions } from '../../../src-main/options/command-line'
import { withStoredSettings } from '../../../src-main/options/stored-settings'

function start(words: string, stored: Readonly<Record<string, string>>) {
  const options = readServeOptions(words === '' ? [] : words.split(' '), {}, '/default.ottla')
  return withStoredSettings(options, (name) => stored[name])
}

describe('settings of the workspace', () => {
  it('say where the broker listens, and the pages keep their distance', () => {
    const { listeners, uiPort } = start('', {
      'ottla.port': '9192',
      'ottla.interfaces': 'all',
      'ottla.advertise': 'mac:1',
    })
    expect(listeners).toEqual([
      {
        name: 'PLAINTEXT',
        securityProtocol: 'PLAINTEXT',
        hosts: ['0.0.0.0', '::1'],
        port: 9192,
        advertise: { host: 'mac', port: 1 },
      },
    ])
    expect(uiPort).toBe(10_192)
  })

  it('serve metrics on the port of the pages, or beside the broker where there are no pages', () => {
    const stored = { 'ottla.port': '9192', 'ottla.metrics': 'true' }
    expect(start('', stored)).toMatchObject({ metrics: true, uiPort: 10_192, metricsPort: 10_192 })
    expect(start('', {})).toMatchObject({ metrics: false, metricsPort: 10_092 })
    expect(start('--no-ui', stored)).toMatchObject({ metrics: false, metricsPort: null })
    // The desktop app opens no port for its pages.
    const options = { ...readServeOptions([], {}, '/default.ottla'), uiPort: null }
    const alone = withStoredSettings(options, (name) => (stored as Readonly<Record<string, string>>)[name])
    expect(alone).toMatchObject({ metrics: true, uiPort: null, metricsPort: 10_192 })
  })

  it('do not count where the start says otherwise', () => {
    const stored = { 'ottla.port': '9192', 'ottla.interfaces': 'all', 'ottla.advertise': 'mac:1' }
    const { listeners } = start('--port 7000 --host 127.0.0.1 --advertise here:2', stored)
    expect(listeners).toMatchObject([{ port: 7000, hosts: ['127.0.0.1', '::1'], advertise: { host: 'here', port: 2 } }])
  })

  it('leave out the listener that asks for nothing, as long as another is there', () => {
    const names = (stored: Readonly<Record<string, string>>) => start('', stored).listeners.map(({ name }) => name)
    const secured = { 'ottla.plaintext': 'false', 'ottla.listeners': 'INSIDE=sasl_ssl://localhost:9094' }
    expect(names(secured)).toEqual(['INSIDE'])
    expect(names({ 'ottla.plaintext': 'false' })).toEqual(['PLAINTEXT'])
  })

  it('do not count where a port was chosen for this start', () => {
    const options = { ...readServeOptions([], {}, '/default.ottla'), keepsPort: true }
    expect(withStoredSettings(options, () => '9192').listeners[0]?.port).toBe(9092)
  })

  it('add listeners that may fail, each name once', () => {
    const { listeners } = start('', {
      'ottla.containers': '29092',
      'ottla.listeners': 'sasl_ssl://127.0.0.1:9094, nonsense, plaintext://127.0.0.1:9095',
    })
    expect(listeners.slice(1)).toEqual([
      {
        name: 'SASL_SSL',
        securityProtocol: 'SASL_SSL',
        hosts: ['127.0.0.1'],
        port: 9094,
        advertise: null,
        isOptional: true,
      },
      {
        name: 'CONTAINERS',
        securityProtocol: 'PLAINTEXT',
        hosts: ['0.0.0.0'],
        port: 29_092,
        advertise: { host: 'host.docker.internal', port: 29_092 },
        isOptional: true,
      },
    ])
  })

  it('leave out what is no port', () => {
    expect(start('', { 'ottla.port': 'many', 'ottla.containers': '70000' }).listeners).toMatchObject([{ port: 9092 }])
  })
})
