import type { TopicDecoders } from '../source/records'
import type { ClusterSource } from '../source/source'
import type { KeptMap } from '../source/workspace'
import { automatic, decoderFor } from './decoder'

/** By topic, what somebody chose. */
export type DecoderChoices = KeptMap<TopicDecoders>

/** How a topic's keys and values are decoded: as somebody chose, else by looking at them. */
export async function decodersOf(choices: DecoderChoices, topic: string): Promise<TopicDecoders> {
  const chosen = await choices.get(topic)
  if (chosen) return chosen
  const usual = topic === '__consumer_offsets' ? { ...automatic, format: 'offsets' as const } : automatic
  return { key: usual, value: usual }
}

/** @throws Error when a schema cannot be read, the topic is gone, or the choice cannot be stored */
export async function chooseDecoders(
  { topics }: ClusterSource,
  choices: DecoderChoices,
  topic: string,
  decoders: TopicDecoders,
): Promise<void> {
  if (!(await topics.find(topic))) throw new Error(`There is no topic ${topic}; it may have been deleted.`)
  await Promise.all([decoderFor(decoders.key), decoderFor(decoders.value)])
  const isUsual = decoders.key.format === 'auto' && decoders.value.format === 'auto' && topic !== '__consumer_offsets'
  await choices.set(topic, isUsual ? null : decoders)
}
