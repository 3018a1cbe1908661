import type { Contract } from '../../contract/contract'
import type { InputOf } from '../../contract/define'
import type { Resends } from '../resend/resends'
import type { ClusterSource } from '../source/source'
import { likenessOf } from './likeness'

/**
 * Creates a topic like another one: its partitions, and the configs that are its own. Its messages follow as a resend that keeps
 * partitions, times and headers. @throws Error with a sentence
 */
export async function cloneTopic(
  source: ClusterSource,
  resends: Resends,
  { topic, name, messages }: InputOf<Contract['topic.clone']>,
): Promise<void> {
  const { partitions, configs } = await likenessOf(source, topic)
  await source.topics.create(name, partitions, configs)
  if (messages) await resends.copyAll(topic, name)
}

/**
 * Deletes a topic and creates it with the same partitions and configs: it has no messages, a new id, and its offsets begin at 0.
 * @throws Error with a sentence, which says when it is deleted and not there again
 */
export async function recreateTopic(source: Pick<ClusterSource, 'topics'>, topic: string): Promise<void> {
  const { partitions, configs } = await likenessOf(source, topic)
  await source.topics.delete([topic])
  try {
    await source.topics.create(topic, partitions, configs)
  } catch (error) {
    // A producer may have been first, where topics are created by themselves.
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(`${topic} was deleted, and could not be created again with its partitions and configs: ${why}`)
  }
}
