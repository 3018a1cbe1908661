import { isDesktop } from '../../host'

/** The position of a message. */
export interface Place {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** `orders:1:55`; topic names contain no colon. */
export function placeText({ topic, partition, offset }: Place): string {
  return `${topic}:${partition}:${offset}`
}

export function readPlace(text: string | null): Place | null {
  const [, topic, partition, offset] = /^([^:]+):(\d+):(\d+)$/.exec(text ?? '') ?? []
  return topic === undefined ? null : { topic, partition: Number(partition), offset: Number(offset) }
}

/** A link that opens this message in the app, or in a tab of this browser. */
export function linkTo({ topic, partition, offset }: Place): string {
  const place = `topics/${encodeURIComponent(topic)}/messages?partition=${partition}&offset=${offset}`
  return isDesktop ? `ottla://${place}` : `${location.origin}${location.pathname}#/${place}`
}
