import type { Handlers } from '../../contract/server'
import { chooseDecoders, type DecoderChoices, decodersOf } from '../decoders/chosen'
import type { Parts } from '../parts'
import { arrivals } from './arrived'
import { detail, exact, messageAt } from './messages'
import { offsetsOverTime } from './offsets-over-time'
import { messagesOverTime } from './over-time'
import { importMessages, produce } from './produce'
import { exportMessages, type OpenSearches, search } from './scans'

type Subject = Pick<
  Handlers,
  | 'messages.search'
  | 'messages.arrived'
  | 'messages.export'
  | 'messages.detail'
  | 'messages.exact'
  | 'messages.at'
  | 'messages.histogram'
  | 'messages.produce'
  | 'messages.import'
  | 'topic.decoders'
  | 'topic.decode'
  | 'partition.times'
  | 'partition.at'
>

/** Messages: how a row travels from the file to a page is told in README.md beside this. */
export function messageHandlers({ source, clock, pulse, live }: Parts, waiting: OpenSearches): Subject {
  const decoders: DecoderChoices = source.kept.map('decoders')
  const { records } = source
  return {
    'messages.search': (input, outlet) => search({ source, decoders, waiting }, input, outlet),
    'messages.arrived': ({ topics, partitions }, outlet) =>
      live(outlet, arrivals(source, topics, partitions), [pulse.beat, source.topics.changed]),
    'messages.export': (input, outlet) => exportMessages({ source, decoders }, input, outlet),
    'messages.detail': ({ offset, ...place }) => detail(source, decoders, place, offset),
    'messages.exact': ({ offset, ...place }) => exact(source, place, offset),
    'messages.at': ({ offset, ...place }) => messageAt(source, decoders, place, offset),
    'messages.histogram': (input, outlet) => {
      const overTime = records.overTime?.bind(records)
      if (!overTime) return messagesOverTime({ source, decoders }, pulse.beat, input, outlet)
      return live(outlet, offsetsOverTime(source, overTime, clock, input), [pulse.beat])
    },
    'messages.produce': (input) => produce(source, input, clock.now()),
    'messages.import': (input) => importMessages(source, input, clock.now()),
    'topic.decoders': ({ topic }) => decodersOf(decoders, topic),
    'topic.decode': ({ topic, key, value }) => chooseDecoders(source, decoders, topic, { key, value }),
    'partition.times': ({ steps, ...place }) => records.times(place, steps),
    'partition.at': async ({ at, ...place }) => (await records.offsetsAt([place], at))[0] ?? 0,
  }
}
