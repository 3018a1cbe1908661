import type { ClusterSource } from '../source/source'

/** What another topic needs to be like one. */
export interface Likeness {
  readonly partitions: number
  /** The configs that are its own. */
  readonly configs: Readonly<Record<string, string>>
}

/** @throws Error when the topic is gone */
export async function likenessOf({ topics }: Pick<ClusterSource, 'topics'>, topic: string): Promise<Likeness> {
  const facts = await topics.find(topic)
  if (!facts) throw new Error(`There is no topic ${topic}; it may have been deleted.`)
  const own = (await topics.configs(topic)).filter((config) => config.source === 'DYNAMIC_TOPIC_CONFIG')
  const configs = Object.fromEntries(
    own.flatMap((config) => (config.value === null ? [] : [[config.name, config.value]])),
  )
  return { partitions: facts.partitions, configs }
}
