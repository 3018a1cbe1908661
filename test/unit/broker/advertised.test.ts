import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { TestBroker } from '../../support/core'

type Row = readonly [key: number, name: string, min: number, max: number]

/** What Apache Kafka 4.4.0 answers to ApiVersions 4. */
const kafkas = JSON.parse(readFileSync(join(__dirname, 'advertised-apache-kafka-4.4.0.json'), 'utf8')) as Row[]

/** The numbers of the APIs that protocol/skipped.md leaves out: `(76 to 79, 83)` in its table. */
function skipped(): Set<number> {
  const text = readFileSync(join(__dirname, '../../../src-main/protocol/skipped.md'), 'utf8')
  const lists = [...text.matchAll(/^\|[^|(]+\(([\d, to]+)\)/gm)].flatMap(([, list = '']) => list.split(', '))
  return new Set(
    lists.flatMap((part) => {
      const [first, last = first] = part.split(' to ').map(Number) as [number, number?]
      return Array.from({ length: last - first + 1 }, (_, i) => first + i)
    }),
  )
}

/** The versions that Kafka 4 dropped and that are served, from the last line of skipped.md: `Produce 0-2`. */
function older(): Map<string, number> {
  const text = readFileSync(join(__dirname, '../../../src-main/protocol/skipped.md'), 'utf8')
  const line = /old clients still speak:([\s\S]+?)\. GetTelemetry/.exec(text)?.[1] ?? ''
  return new Map([...line.matchAll(/(\w+) (\d+)(?:-\d+)?/g)].map(([, name = '', from]) => [name, Number(from)]))
}

test('advertised is what Apache Kafka 4.4 advertises, less what skipped.md leaves out, with the old versions and the telemetry that it names', async () => {
  const broker = new TestBroker()
  const { apiKeys } = await broker
    .client()
    .ask('ApiVersions', 4, { clientSoftwareName: 'test', clientSoftwareVersion: '1' })
  await broker.dispose()
  const without = skipped()
  const old = older()
  expect([...without]).toEqual([94])
  expect(old.size).toBeGreaterThan(5)
  const telemetry: Row[] = [
    [71, 'GetTelemetrySubscriptions', 0, 0],
    [72, 'PushTelemetry', 0, 0],
  ]
  const expected = [...kafkas, ...telemetry]
    .filter(([key]) => !without.has(key))
    .map(([apiKey, name, min, maxVersion]) => ({ apiKey, minVersion: old.get(name) ?? min, maxVersion }))
    .sort((a, b) => a.apiKey - b.apiKey)
  const ours = apiKeys.map(({ apiKey, minVersion, maxVersion }) => ({ apiKey, minVersion, maxVersion }))
  expect(ours.sort((a, b) => a.apiKey - b.apiKey)).toEqual(expected)
})
