/** What each room may import. A room is a folder of src-main; a new one earns its row here and in ARCHITECTURE.md. */
export interface Room {
  readonly rooms: readonly string[]
  readonly packages: readonly string[]
  /** True for rooms that run anywhere: no `node:`, no Electron, no DOM. */
  readonly anywhere?: true
}

export const rooms: Readonly<Record<string, Room>> = {
  base: { rooms: [], packages: [], anywhere: true },
  contract: { rooms: ['base'], packages: [], anywhere: true },
  protocol: { rooms: ['base'], packages: [] },
  records: { rooms: ['base'], packages: ['@node-rs/crc32', 'crc-32', 'lz4-napi', 'snappy', 'zstd-napi'] },
  groups: { rooms: ['base', 'protocol'], packages: ['re2js'] },
  transactions: { rooms: ['base'], packages: [] },
  options: { rooms: ['base'], packages: [] },
  security: { rooms: ['base'], packages: ['@smithy/signature-v4', 'jose'] },
  registry: { rooms: ['base'], packages: ['re2js'] },
  rest: { rooms: ['base', 'registry'], packages: [] },
  storage: { rooms: ['base', 'records'], packages: ['better-sqlite3'] },
  broker: {
    rooms: ['base', 'protocol', 'records', 'storage', 'groups', 'transactions', 'security', 'registry'],
    packages: ['@peculiar/x509', 'asn1js', 'pkijs', 're2js', 'reflect-metadata'],
  },
  metrics: { rooms: ['base', 'broker'], packages: [] },
  scenarios: { rooms: ['base', 'protocol', 'groups', 'broker'], packages: [] },
  server: { rooms: ['base', 'protocol'], packages: ['@peculiar/asn1-schema', '@peculiar/asn1-x509'] },
  desk: {
    rooms: ['base', 'contract', 'protocol', 'records', 'registry'],
    packages: [
      '@jitl/quickjs-wasmfile-release-sync',
      '@msgpack/msgpack',
      'avsc',
      'cbor2',
      'papaparse',
      'protobufjs',
      'quickjs-emscripten-core',
      're2js',
    ],
  },
  'desk/embedded': {
    rooms: [
      'base',
      'broker',
      'contract',
      'desk',
      'options',
      'protocol',
      'records',
      'registry',
      'scenarios',
      'security',
      'storage',
    ],
    packages: [],
  },
  'desk/remote': { rooms: ['base', 'client', 'contract', 'copy', 'desk', 'protocol', 'records'], packages: [] },
  compare: { rooms: ['base', 'client', 'contract'], packages: [] },
  copy: { rooms: ['base', 'client', 'options', 'records'], packages: [] },
  demo: { rooms: ['base', 'client', 'records'], packages: [] },
  client: { rooms: ['base', 'protocol', 'records', 'security'], packages: ['asn1js', 'pkijs', 'socks'] },
  connections: { rooms: ['base', 'client', 'contract'], packages: ['yaml'] },
  commands: {
    rooms: ['base', 'client', 'compare', 'connections', 'contract', 'copy', 'options', 'records'],
    packages: [],
  },
  wires: { rooms: ['base', 'contract'], packages: ['ws'] },
  web: { rooms: ['base'], packages: ['ws'] },
  shell: { rooms: ['base', 'connections', 'contract', 'options', 'wires'], packages: ['electron'] },
}

/** Single files that a room may import besides: each is one shared type. */
export const exceptions: Readonly<Record<string, readonly string[]>> = {
  server: ['src-main/broker/serve'],
  contract: ['src-main/groups/causes', 'src-main/options/workspace-settings'],
}
