import type { Handlers } from '../../contract/server'
import type { Parts } from '../parts'
import { inferSchema } from '../schemas/infer'
import { timelineOf } from '../schemas/timeline'

type Subject = Pick<Handlers, 'registry' | 'registry.choose' | 'registry.test' | 'topic.infer' | 'topic.schemas'>

/** The registry that keys and values are decoded with, and what a topic's messages say of schemas: also of a cluster elsewhere. */
export function registryHandlers({ source, live }: Parts): Subject {
  const { registryChoice: choice } = source
  return {
    registry: (_, outlet) => live(outlet, () => choice.view, [choice.changed]),
    'registry.choose': (input) => choice.choose(input),
    'topic.infer': (input) => inferSchema(source, input),
    'topic.schemas': ({ topic, part }) => timelineOf(source, topic, part),
    'registry.test': async (input) => ({ subjects: await choice.test(input) }),
  }
}
