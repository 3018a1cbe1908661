import { describe, expect, it } from 'vitest'
import { readServeOptions, serveHelp } from '../../../src-main/options/command-line'
import { defaultWorkspaceFile } from '../../../src-main/options/default-file'
import { UsageError } from '../../../src-main/options/serve'

function read(words: string, environment: NodeJS.ProcessEnv = {}) {
  return readServeOptions(words === '' ? [] : words.split(' '), environment, '/default.ottla')
}

describe('options of ottla serve', () => {
  it('have the defaults of a developer’s machine', () => {
    expect(read('')).toEqual({
      listeners: [
        { name: 'PLAINTEXT', securityProtocol: 'PLAINTEXT', hosts: ['127.0.0.1', '::1'], port: 9092, advertise: null },
      ],
      decided: [],
      uiPort: 10_092,
      metrics: false,
      metricsPort: 10_092,
      registry: { port: 8081, takesNext: true },
      file: '/default.ottla',
      fileIsDefault: true,
      config: {},
      softConfig: {},
      notes: [],
      json: false,
      logLevel: 'info',
    })
  })

  it('come from flags in both forms', () => {
    const options = read(
      '--port=19092 --ui-port 0 --file a.ottla --host 10.0.0.5 --advertise [::1]:1234 --config num.partitions=3 --config=cleanup.policy=compact,delete --json --log-level debug --registry-port 8085',
    )
    expect(options).toEqual({
      listeners: [
        {
          name: 'PLAINTEXT',
          securityProtocol: 'PLAINTEXT',
          hosts: ['127.0.0.1', '::1', '10.0.0.5'],
          port: 19_092,
          advertise: { host: '::1', port: 1234 },
        },
      ],
      decided: ['ottla.port', 'ottla.interfaces', 'ottla.advertise'],
      uiPort: 0,
      metrics: false,
      metricsPort: 0,
      registry: { port: 8085, takesNext: false },
      file: 'a.ottla',
      fileIsDefault: false,
      config: { 'num.partitions': '3', 'cleanup.policy': 'compact,delete' },
      softConfig: {},
      notes: [],
      json: true,
      logLevel: 'debug',
    })
  })

  it('come from OTTLA_ variables, which flags replace', () => {
    const environment = {
      OTTLA_PORT: '7000',
      OTTLA_NO_UI: 'true',
      OTTLA_NO_REGISTRY: 'true',
      OTTLA_MEMORY: '1',
      OTTLA_CONFIG: 'a=1;b=2',
      OTTLA_JSON: 'no',
    }
    expect(read('', environment)).toMatchObject({
      uiPort: null,
      registry: null,
      file: null,
      config: { a: '1', b: '2' },
      json: false,
    })
    expect(read('--port 7001 --config c=3', environment)).toMatchObject({
      listeners: [{ port: 7001 }],
      config: { c: '3' },
    })
  })

  it.each([
    ['--host 0.0.0.0', ['::1', '0.0.0.0']],
    ['--host ::', ['::']],
    ['--host localhost', ['127.0.0.1', '::1']],
    ['--host 10.0.0.1 --host 10.0.0.2', ['127.0.0.1', '::1', '10.0.0.1', '10.0.0.2']],
  ])('%s binds %j', (words, hosts) => {
    expect(read(words).listeners[0]!.hosts).toEqual(hosts)
  })

  it('take further listeners', () => {
    expect(read('--listener sasl_ssl://127.0.0.1:9094 --listener ssl://localhost:9095').listeners.slice(1)).toEqual([
      { name: 'SASL_SSL', securityProtocol: 'SASL_SSL', hosts: ['127.0.0.1'], port: 9094, advertise: null },
      { name: 'SSL', securityProtocol: 'SSL', hosts: ['127.0.0.1', '::1'], port: 9095, advertise: null },
    ])
  })

  it('may be named, and each may advertise an address', () => {
    const words =
      '--listener ssl://localhost:9095 --listener INSIDE=ssl://localhost:9096 --advertise here:1 --advertise inside=there:2'
    expect(read(words).listeners.map(({ name, advertise }) => [name, advertise?.host])).toEqual([
      ['PLAINTEXT', 'here'],
      ['SSL', undefined],
      ['INSIDE', 'there'],
    ])
  })

  it('may be secured listeners only', () => {
    const { listeners, decided } = read('--no-plaintext --listener sasl_ssl://localhost:9094')
    expect(listeners.map(({ name }) => name)).toEqual(['SASL_SSL'])
    expect(decided).toContain('ottla.port')
    expect(() => read('--no-plaintext')).toThrow('--no-plaintext leaves nothing to open')
  })

  it.each([
    [
      '--listener ssl://127.0.0.1:1 --listener ssl://127.0.0.1:2',
      'Two listeners are named SSL; give one another name: --listener OTHER=ssl://HOST:PORT.',
    ],
    ['--listener ssl://127.0.0.1:9092', 'The listeners PLAINTEXT and SSL both want port 9092.'],
    ['--advertise ssl=here:1', '--advertise names SSL; there is no such listener.'],
    ['--prot 1', 'There is no flag --prot; did you mean --port?'],
    ['--nonsense', 'There is no flag --nonsense; --help lists them.'],
    ['serve', '"serve" is not a flag; --help lists them.'],
    ['--port', '--port needs a value: --port PORT.'],
    ['--port 70000', '--port is "70000"; a port is a number from 0 to 65535.'],
    ['--port 1 --port 2', '--port is given twice.'],
    ['--json=yes', '--json takes no value.'],
    ['--file a --memory', '--file and --memory exclude each other.'],
    ['--metrics --no-ui', '--metrics needs the port of the pages: leave out --no-ui.'],
    ['--cluster a --metrics', '--cluster and --metrics exclude each other.'],
    ['--config nothing', '--config is "nothing"; it needs the form KEY=VALUE.'],
    ['--advertise here', '--advertise is "here"; it needs the form HOST:PORT.'],
    [
      '--listener tls://x:1',
      '--listener is "tls://x:1"; it needs the form PROTOCOL://HOST:PORT, e.g. sasl_ssl://127.0.0.1:9094.',
    ],
    ['--log-level loud', '--log-level is "loud"; it can be debug, info, warn, error.'],
  ])('refuse %s in one sentence', (words, sentence) => {
    expect(() => read(words)).toThrow(new UsageError(sentence))
  })

  it('refuse a variable that is neither true nor false', () => {
    expect(() => read('', { OTTLA_JSON: 'maybe' })).toThrow('OTTLA_JSON is "maybe"; it can be true or false.')
  })

  it('name the variable that a wrong value comes from', () => {
    expect(() => read('', { OTTLA_PORT: 'x' })).toThrow('OTTLA_PORT is "x"; a port is a number from 0 to 65535.')
    expect(() => read('--port=y', { OTTLA_PORT: 'x' })).toThrow('--port is "y";')
    expect(() => read('', { OTTLA_UI_PORT: 'x' })).toThrow('OTTLA_UI_PORT is "x";')
    expect(() => read('', { OTTLA_LOG_LEVEL: 'loud' })).toThrow('OTTLA_LOG_LEVEL is "loud";')
    expect(() => read('', { OTTLA_CONFIG: 'a=1;b' })).toThrow('OTTLA_CONFIG is "b"; it needs the form KEY=VALUE.')
  })

  it('note a variable that is nearly one of theirs', () => {
    const environment = { OTTLA_PROT: '1', OTTLA_REQUIRE_ALL: '1', OTTLA_SECRET_A_SASL_PASSWORD: 'x', OTTLA_FILE: 'a' }
    expect(read('', environment).notes).toEqual(['OTTLA_PROT has no effect: did you mean OTTLA_PORT?'])
  })

  it('are all listed by --help with their variables', () => {
    const help = serveHelp()
    for (const flag of [
      'port',
      'ui-port',
      'no-ui',
      'file',
      'memory',
      'host',
      'advertise',
      'config',
      'json',
      'log-level',
    ]) {
      expect(help).toContain(`--${flag}`)
    }
    expect(help).toContain('[OTTLA_UI_PORT]')
  })
})

describe('KAFKA_ variables', () => {
  it('are broker configs; what concerns a cluster or the JVM is left out', () => {
    const environment = {
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_NUM_PARTITIONS: '3',
      KAFKA_CONFLUENT__X___Y: 'odd',
      KAFKA_HEAP_OPTS: '-Xmx1g',
      KAFKA_ZOOKEEPER_CONNECT: 'zookeeper:2181',
      KAFKA_PROCESS_ROLES: 'broker,controller',
      KAFKA_CONTROLLER_QUORUM_VOTERS: '1@kafka:9093',
      NOT_KAFKA_X: '1',
    }
    expect(read('', environment).softConfig).toEqual({
      'auto.create.topics.enable': 'false',
      'num.partitions': '3',
      'confluent_x-y': 'odd',
    })
  })

  it('of a compose file with two listeners give the one that the host uses', () => {
    const environment = {
      KAFKA_LISTENERS: 'PLAINTEXT://kafka:29092,CONTROLLER://kafka:29093,PLAINTEXT_HOST://0.0.0.0:9192',
      KAFKA_ADVERTISED_LISTENERS: 'PLAINTEXT://kafka:29092,PLAINTEXT_HOST://localhost:9192',
      KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT',
    }
    expect(read('', environment).listeners).toEqual([
      {
        name: 'PLAINTEXT_HOST',
        securityProtocol: 'PLAINTEXT',
        hosts: ['127.0.0.1', '::1'],
        port: 9192,
        advertise: { host: 'localhost', port: 9192 },
      },
    ])
    expect(read('--port 5', environment).listeners[0]!.port).toBe(5)
  })

  it('open nothing to other machines: a flag does', () => {
    const environment = { KAFKA_LISTENERS: 'PLAINTEXT://:9292' }
    const { listeners, notes } = read('', environment)
    expect(listeners[0]).toMatchObject({ hosts: ['127.0.0.1', '::1'], port: 9292 })
    expect(notes).toEqual([
      'KAFKA_LISTENERS asks for 0.0.0.0: this broker stays on localhost; --host 0.0.0.0 opens it to other machines',
    ])
    const opened = read('--host 0.0.0.0', environment)
    expect([opened.listeners[0]?.hosts, opened.notes]).toEqual([['::1', '0.0.0.0'], []])
  })

  it('name listeners by their protocol, which is never served in clear', () => {
    const protocolOf = (listeners: string, map?: string) =>
      read('', { KAFKA_LISTENERS: listeners, ...(map ? { KAFKA_LISTENER_SECURITY_PROTOCOL_MAP: map } : {}) })
    expect(protocolOf('SASL_SSL://:9094').listeners).toMatchObject([{ name: 'SASL_SSL', securityProtocol: 'SASL_SSL' }])
    expect(protocolOf('OUT://:9094', 'IN:PLAINTEXT,OUT:SSL').listeners).toMatchObject([
      { name: 'OUT', securityProtocol: 'SSL', port: 9094 },
    ])
    const { listeners, notes } = protocolOf('OUT://:9094')
    expect(listeners).toMatchObject([{ name: 'PLAINTEXT', port: 9092 }])
    expect(notes).toEqual([
      'KAFKA_LISTENERS is left out: KAFKA_LISTENER_SECURITY_PROTOCOL_MAP says no protocol for OUT',
    ])
  })
})

describe('the default workspace', () => {
  it.each([
    ['linux', { HOME: '/h' }, '/h/.local/share/ottla/default.ottla'],
    ['linux', { HOME: '/h', XDG_DATA_HOME: '/d' }, '/d/ottla/default.ottla'],
    ['darwin', { HOME: '/h' }, '/h/Library/Application Support/Ottla/default.ottla'],
  ] as const)('on %s with %j is %s', (platform, environment, file) => {
    expect(defaultWorkspaceFile(platform, environment)).toBe(file)
  })
})
