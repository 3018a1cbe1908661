import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import type { Resends } from '../resend/resends'
import type { ClusterSource } from '../source/source'

/**
 * Creates a topic like another one: its partitions, and the configs that are its own. Its messages follow as a resend that keeps
 * partitions, times and headers. @throws Error with a sentence
 */
export async function cloneTopic(
  source: ClusterSource,
  resends: Resends,
  { topic, name, messages }: InputOf<Contract['topic.clone']>,
): Promise<void> {
  const facts = await source.topics.find(topic)
  if (!facts) throw new Error(`There is no topic ${topic}; it may have been deleted.`)
  const own = (await source.topics.configs(topic)).filter((config) => config.source === 'DYNAMIC_TOPIC_CONFIG')
  const configs = Object.fromEntries(
    own.flatMap((config) => (config.value === null ? [] : [[config.name, config.value]])),
  )
  await source.topics.create(name, facts.partitions, configs)
  if (messages) await resends.copyAll(topic, name)
}
