import type { FlagSpec, FlagValues } from '../../options/flags'
import { UsageError } from '../../options/serve'

/** A flag of a copy is given on the command line, never by a variable that somebody forgot. */
const said = { noVariable: true } as const

export const flags = {
  from: {
    value: 'FILE|NAME|HOST:PORT',
    help: "the cluster to read: its client.properties (Java's or librdkafka's names), a stored connection, or a bootstrap server",
    ...said,
  },
  'secret-file': { value: 'FILE', help: 'properties with the secrets of the stored connection', ...said },
  to: {
    value: 'FILE|NAME|HOST:PORT',
    help: 'the broker to write to (localhost:9092, where Ottla runs)',
    ...said,
  },
  writable: { value: null, help: 'write to a broker that is not on this machine', ...said },
  unlock: { value: 'NAME', help: 'the name of a cluster in production (ottla.stage) that is written to', ...said },
  topic: {
    value: 'NAME,...',
    help: 'the topics to copy',
    separator: ',',
    ...said,
  },
  as: { value: 'NAME', help: 'the name of the copy, with one --topic', ...said },
  last: { value: 'N', help: 'the newest N messages of each topic, spread over its partitions', ...said },
  since: {
    value: '1h|INSTANT',
    help: 'messages of the last 90s, 30m, 1h or 7d, or from 2026-01-31T12:00:00Z on',
    ...said,
  },
  filter: { value: 'TEXT', help: 'only messages with this text in key, value or headers', ...said },
  mask: {
    value: '$.a.b',
    help: 'replace this field of JSON values by "***", every element with $.a[*].b; may be given several times',
    separator: ',',
    ...said,
  },
  groups: {
    value: 'GROUP,...',
    help: 'commit the offsets of these groups too, at the same messages',
    separator: ',',
    ...said,
  },
  schemas: { value: null, help: 'copy the schemas of the topics too, with their ids', ...said },
  'from-registry': { value: 'URL', help: 'the schema registry to read, with --schemas', ...said },
  'to-registry': { value: 'URL', help: 'the schema registry to write to (http://localhost:8081)', ...said },
  rate: { value: 'BYTES', help: 'bytes per second to read at most, e.g. 500KB or 20MB', ...said },
  progress: {
    value: 'FILE',
    help: 'keep the progress in this file; the same command continues where it stopped; what was being written then may be written twice',
    ...said,
  },
  'dry-run': { value: null, help: 'show what would be copied, and write nothing', ...said },
  help: { value: null, help: 'this text', ...said },
} satisfies Record<string, FlagSpec>

export type Given = FlagValues<keyof typeof flags>

export function helpText(): string {
  const lines = Object.entries<FlagSpec>(flags).map(([name, { value, help }]) => ({
    flag: `--${name}${value === null ? '' : ` ${value}`}`,
    help,
  }))
  const width = Math.max(...lines.map(({ flag }) => flag.length))
  return [
    'ottla copy: topics of any Kafka cluster, or a part of them, into the broker on this machine',
    '',
    '  ottla copy --from client.properties --topic orders --last 10000',
    '  ottla copy --from kafka-1:9092 --topic orders,payments --since 1h --groups billing',
    '',
    ...lines.map(({ flag, help }) => `  ${flag.padEnd(width)}  ${help}`),
    '',
    'Keys, values, headers and times stay as they are, and so do the partitions; offsets begin with 0 in a new topic.',
    'Messages of open and of aborted transactions are left out. Nothing is written to the cluster of --from.',
    'The exit code is 1 when anything could not be read or done.',
    '',
  ].join('\n')
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** The names of a flag that takes several, separated by commas or given one by one. */
export function namesOf(values: readonly string[] | undefined): string[] {
  return [...new Set((values ?? []).flatMap((value) => value.split(',')).filter(Boolean))]
}

/** The instant of `--since`. @throws UsageError */
export function sinceOf(text: string, now: number): number {
  const span = /^(\d+)(s|m|h|d)$/.exec(text)
  if (span) return now - Number(span[1]) * (unitMs[span[2] ?? ''] ?? 0)
  // An instant without a zone would mean another one on each machine.
  const at = /^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) {
    throw new UsageError(`--since is "${text}"; it is a time like 90s, 30m, 1h or 7d, or like 2026-01-31T12:00:00Z.`)
  }
  return at
}

/** The bytes of `--rate`. @throws UsageError */
export function rateOf(text: string): number {
  const match = /^(\d+)(B|KB|MB|GB)?$/i.exec(text)
  const unit = ['B', 'KB', 'MB', 'GB'].indexOf((match?.[2] ?? 'B').toUpperCase())
  const bytes = Number(match?.[1]) * 1000 ** unit
  if (!match || bytes < 1) throw new UsageError(`--rate is "${text}"; it is a number of bytes per second, e.g. 20MB.`)
  return bytes
}

/** The number of `--last`. @throws UsageError */
export function lastOf(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1) throw new UsageError(`--last is "${text}"; it is a number from 1 on.`)
  return count
}
