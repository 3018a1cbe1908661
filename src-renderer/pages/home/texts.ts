import { counted } from '../../format/numbers'

export const texts = {
  running: 'Kafka is running',
  storedIn: (file: string) => `All data is stored in ${file}`,
  elsewhere: (clusterId: string) =>
    clusterId === '' ? 'A cluster elsewhere.' : `A cluster elsewhere; its id is ${clusterId}.`,
  inMemory: 'In memory: data is lost when the broker stops.',
  registry: 'schema registry',
  writesFail: {
    title: (why: string) => `Messages cannot be stored: ${why}`,
    what: (since: string, file: string | null) =>
      `Since ${since}, the broker cannot write to ${file ?? 'its temporary file'}. Clients get an error (producers KAFKA_STORAGE_ERROR) and most of them send again. Everything that was acknowledged is kept.`,
    advice:
      'Free space on the disk that has this file; if the disk is not full, make the file writable again. The broker tries to write every few seconds, and this notice goes when it can. To need less space, delete topics or messages that you do not need, and give the free space inside the file back to the disk.',
    topics: 'Topics',
    settings: 'Storage settings',
  },
  trafficSection: 'Traffic and clients',
  figures: {
    messagesIn: 'messages in',
    bytesIn: 'bytes in',
    bytesOut: 'bytes out',
    requests: 'requests',
    at: 'at',
    totalLag: 'total lag',
  },
  uncommitted: (partitions: number) =>
    `${counted(partitions, 'partition')} that groups read have no committed offset: the total does not include them`,
  trafficIn: (messages: string) => `${messages} messages in per second`,
  traffic: (now: string) => `Traffic of the last two minutes: ${now}`,
  trafficNow: (messages: string, bytes: string) => `${messages} messages in and ${bytes} out per second`,
  noTraffic: 'none',
  activity: {
    title: 'Recent activity',
    empty: 'Nothing has happened yet. Connect a client with one of the snippets, or start the demo.',
    emptyElsewhere: 'Nothing has happened since these pages were opened.',
    earlier: 'earlier event',
    step: 'step',
    more: 'more client',
  },
  connect: {
    title: 'Connect',
    client: 'Client library',
    kinds: {
      languages: 'Languages and frameworks',
      schemas: 'With the schema registry',
      transactions: 'With transactions',
      shell: 'Shell',
      containers: 'From a container',
    } as const,
    steps: { install: 'Install', produce: 'Produce', consume: 'Consume', config: 'Configure' } as const,
    containersClosed: 'Containers cannot reach this broker yet.',
    containersOpen: 'Open a listener for containers in Settings.',
    compare: 'Compare with another cluster',
  },
  doctor: {
    open: 'A client cannot connect? Check the connection.',
    check: 'Check the connection.',
    home: 'Home',
    title: 'Connection',
    trying: 'trying…',
    outcome: (failed: number) =>
      failed === 0 ? 'Everything works.' : `${counted(failed, 'step')} ${failed === 1 ? 'fails' : 'fail'}.`,
    again: 'Try again',
    passed: 'ok',
    failed: 'failed',
  },
  demo: {
    start: 'Start the demo',
    stop: 'Stop the demo',
    stopped: 'The demo is stopped. Its topics, groups and offsets are deleted.',
    messages: 'Messages',
    rebalances: 'Rebalances',
    transactions: 'Transactions',
    tasks: 'Tasks',
    schemas: 'Schemas',
    runningBefore:
      'The demo is running: a shop with its tills, three consumers that join and leave, a share group that packs, a warehouse that writes Avro and Protobuf, and a streams application that adds up sales. See it under ',
    about: 'Producers and consumers as real clients, so that every page shows something. Stopping it deletes its data.',
    leftover: 'The demo did not stop cleanly: its topics and its groups are still here.',
    cleanUp: 'Delete demo data',
  },
} as const
