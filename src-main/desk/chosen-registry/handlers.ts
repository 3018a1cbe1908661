import type { Handlers } from '../../contract/server'
import type { Parts } from '../parts'

type Subject = Pick<Handlers, 'registry' | 'registry.choose' | 'registry.test'>

/** The registry that keys and values are decoded with. */
export function registryHandlers({ source: { registryChoice: choice }, live }: Parts): Subject {
  return {
    registry: (_, outlet) => live(outlet, () => choice.view, [choice.changed]),
    'registry.choose': (input) => choice.choose(input),
    'registry.test': async (input) => ({ subjects: await choice.test(input) }),
  }
}
