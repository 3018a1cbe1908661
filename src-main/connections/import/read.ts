import { parse } from 'yaml'
import { UserError } from '../../base/user-error'
import { readProperties } from '../../client/config/properties'
import { clusterStages } from '../../contract/workspace'
import { Collected, type Found } from './found'
import { Leaves } from './leaves'
import { collectProperties } from './properties'
import { readPlaces, yamlForms } from './yaml-files'

/** Connections of one file: more are of no use to anybody. */
const maxFound = 200

/**
 * The connections in a file of another tool: a client.properties of Java, a configuration of librdkafka or kcat, or YAML of rpk, kafka-ui,
 * AKHQ, kafkactl or Redpanda Console. The form is told from the content.
 *
 * @throws UserError when there is none
 */
export function readConnections(text: string, fileName: string): Found[] {
  const found = (fromYaml(text) ?? fromProperties(text, fileName)).slice(0, maxFound)
  if (found.length > 0) return found
  throw new UserError(
    'No connection was found. Ottla reads client.properties of Java, configurations of librdkafka and kcat, and YAML of rpk, kafka-ui, AKHQ, kafkactl and Redpanda Console.',
  )
}

/** Undefined: it is no YAML that has one of the forms. */
function fromYaml(text: string): Found[] | undefined {
  let document: unknown
  try {
    document = parse(text, { maxAliasCount: 100, logLevel: 'silent' })
  } catch {
    // A file of properties is seldom YAML too.
    return undefined
  }
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return undefined
  for (const form of yamlForms) {
    const places = form.places(document as Readonly<Record<string, unknown>>)
    if (places) return readPlaces(form, places, new Leaves(document))
  }
  return undefined
}

function fromProperties(text: string, fileName: string): Found[] {
  const properties = readProperties(text)
  const name = properties.get('ottla.name')
  const stage = properties.get('ottla.stage')?.toLowerCase()
  properties.delete('ottla.name')
  properties.delete('ottla.stage')
  const collected = new Collected()
  collectProperties(collected, properties)
  const { settings, rows } = collected
  if (!settings.has('bootstrap.servers')) return []
  return [
    {
      name: name ?? nameFrom(fileName, settings.get('bootstrap.servers') ?? ''),
      kind: [...properties.keys()].some((one) => one === 'metadata.broker.list' || one === 'sasl.username')
        ? 'librdkafka configuration'
        : 'client.properties',
      stage: clusterStages.find((known) => known === stage) ?? null,
      settings,
      rows,
    },
  ]
}

/** A file that every tool calls alike says nothing; its first server does. */
function nameFrom(fileName: string, servers: string): string {
  const base = fileName.replace(/^.*[/\\]/, '').replace(/\.[^.]*$/, '')
  const [server = ''] = servers.split(',')
  const host = server.trim().replace(/:\d+$/, '').replace(/[/\\]/g, '')
  return /^(?:client|kafka|kcat|config|consumer|producer|)$/i.test(base) ? host || 'cluster' : base.slice(0, 100)
}
