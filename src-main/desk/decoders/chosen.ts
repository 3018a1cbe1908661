import type { Core } from '../../broker/core'
import type { TopicDecoders } from '../messages/reader-protocol'
import { topicOf } from '../topics/topics'
import { automatic, decoderFor } from './decoder'

const documentKind = 'decoders'

/** How a topic's keys and values are read: as somebody chose, else by looking at them. Kept in the workspace. */
export function decodersOf({ workspace }: Core, topic: string): TopicDecoders {
  const stored = workspace.documents.get(documentKind, topic)
  if (stored !== undefined) return JSON.parse(stored) as TopicDecoders
  const usual = topic === '__consumer_offsets' ? { ...automatic, format: 'offsets' as const } : automatic
  return { key: usual, value: usual }
}

/** @throws Error when a schema cannot be read */
export async function chooseDecoders(core: Core, topic: string, decoders: TopicDecoders): Promise<void> {
  topicOf(core, topic)
  await Promise.all([decoderFor(decoders.key), decoderFor(decoders.value)])
  const isUsual = decoders.key.format === 'auto' && decoders.value.format === 'auto' && topic !== '__consumer_offsets'
  core.workspace.write(() => {
    core.workspace.documents.set(documentKind, topic, isUsual ? null : JSON.stringify(decoders))
  })
}
