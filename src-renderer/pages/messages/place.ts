import { isDesktop } from '../../host'

/** Where a message lies. */
export interface Place {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/** `orders:1:55`; a topic's name has no colon. */
export function placeText({ topic, partition, offset }: Place): string {
  return `${topic}:${partition}:${offset}`
}

export function readPlace(text: string | null): Place | null {
  const [, topic, partition, offset] = /^([^:]+):(\d+):(\d+)$/.exec(text ?? '') ?? []
  return topic === undefined ? null : { topic, partition: Number(partition), offset: Number(offset) }
}

/** Opens the app, or a tab of this browser, with this message open. */
export function linkTo({ topic, partition, offset }: Place): string {
  const place = `topics/${encodeURIComponent(topic)}/messages?partition=${partition}&offset=${offset}`
  return isDesktop ? `ottla://${place}` : `${location.origin}${location.pathname}#/${place}`
}
