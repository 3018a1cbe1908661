import type { FlagSpec, FlagValues } from '../../options/flags'

/** A flag that changes something is given on the command line, never by a variable that somebody forgot. */
const said = { noVariable: true } as const

export const flags = {
  'bootstrap-server': { value: 'HOST:PORT,...', help: 'the cluster (localhost:9092)' },
  'command-config': {
    value: 'FILE',
    help: "client.properties of Java, or librdkafka's names: TLS, SASL, bootstrap.servers",
  },
  timeout: { value: 'MS', help: 'time for one call with all its retries (30000)' },
  state: { value: 'STATE', help: 'list: only groups in this state, e.g. Stable', separator: ',', ...said },
  type: {
    value: 'TYPE',
    help: 'list: only groups of this type: classic, consumer, share or streams',
    separator: ',',
    ...said,
  },
  'all-groups': { value: null, help: 'describe: every group of consumers', ...said },
  members: { value: null, help: 'describe: the members instead of the offsets', ...said },
  json: { value: null, help: 'list, describe: a line of JSON for each group', ...said },
  topic: {
    value: 'NAME[:0,1]',
    help: 'reset, delete-offsets: this topic, or some of its partitions; may be given several times',
    separator: ';',
    ...said,
  },
  'all-topics': {
    value: null,
    help: 'reset: every topic that the group has committed for (so without --topic)',
    ...said,
  },
  'to-earliest': { value: null, help: 'reset: to the first offset', ...said },
  'to-latest': { value: null, help: 'reset: to the end', ...said },
  'to-current': { value: null, help: 'reset: to the committed offset, where there is none to the end', ...said },
  'to-offset': { value: 'N', help: 'reset: to this offset', ...said },
  'shift-by': { value: 'N', help: 'reset: forward by N offsets, or back with a negative N', ...said },
  'to-datetime': {
    value: '2026-01-31T12:00:00.000',
    help: 'reset: to the first record at or after it; UTC without a zone',
    ...said,
  },
  'by-duration': { value: 'PT1H30M', help: 'reset: so long before now', ...said },
  'from-file': { value: 'FILE.csv', help: 'reset: to the offsets in lines of topic,partition,offset', ...said },
  export: { value: null, help: 'reset: print lines of topic,partition,offset and change nothing', ...said },
  'dry-run': { value: null, help: 'reset: show what would change (the default)', ...said },
  execute: { value: null, help: 'reset: commit the new offsets', ...said },
  fence: {
    value: null,
    help: 'reset: remove active members first; they rejoin at the new offsets',
    ...said,
  },
  help: { value: null, help: 'this text', ...said },
} satisfies Record<string, FlagSpec>

export type Flag = keyof typeof flags
export type Given = FlagValues<Flag>

export function helpText(): string {
  const lines = Object.entries<FlagSpec>(flags).map(([name, { value, help }]) => ({
    flag: `--${name}${value === null ? '' : ` ${value}`}`,
    help,
  }))
  const width = Math.max(...lines.map(({ flag }) => flag.length))
  return [
    'ottla groups: consumer groups of any Kafka cluster, in the words of kafka-consumer-groups',
    '',
    '  ottla groups list',
    '  ottla groups describe GROUP... | --all-groups [--members]',
    '  ottla groups reset GROUP WHERE [--topic NAME[:0,1]]... [--execute] [--fence]',
    '  ottla groups delete GROUP...',
    '  ottla groups delete-offsets GROUP --topic NAME[:0,1]...',
    '',
    ...lines.map(({ flag, help }) => `  ${flag.padEnd(width)}  ${help}`),
    '',
    'The exit code is 1 when anything could not be read or done.',
    '',
  ].join('\n')
}
