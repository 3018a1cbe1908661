import { listGroups } from '../../client/admin/groups'
import type { KafkaClient } from '../../client/client'
import type { Given } from './flags'
import { jsonLine, type Output, tableOf } from './output'

/** `ottla groups list` */
export async function list(client: KafkaClient, given: Given, { print }: Output): Promise<void> {
  const groups = await listGroups(client)
  const shown = groups.filter(({ state, type }) => isWanted(given.state, state) && isWanted(given.type, type))
  const rows = shown.map(({ groupId, type, state }) => ({
    group: groupId,
    type: capitalised(type) || null,
    state: state || null,
  }))
  print(given.json ? rows.map(jsonLine).join('') : tableOf(['group', 'type', 'state'], rows))
}

function isWanted(wanted: readonly string[] | undefined, value: string): boolean {
  const all = wanted?.flatMap((text) => text.split(',').map((one) => one.trim().toLowerCase()))
  return all === undefined || all.includes(value.toLowerCase())
}

/** Brokers write `classic`, Kafka's tools `Classic`. */
function capitalised(type: string): string {
  return type.charAt(0).toUpperCase() + type.slice(1)
}
