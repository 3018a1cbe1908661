import { useEffect, useSyncExternalStore } from 'react'
import { useHost } from '../../host'
import { type Capture, captureOf, onCapture, present, seenUntil, take } from './capture'

/**
 * Requests and responses while the page is open. A pause ends the feed: nobody looks then, so the broker keeps what is listed, and each row
 * can be opened.
 */
export function useExchanges(isPaused: boolean): Capture {
  const client = useHost((host) => host.client)
  useEffect(() => {
    if (!client) return
    captureOf(client)
    if (isPaused) return
    return client.feed('exchanges', { after: seenUntil() }, { items: take })
  }, [client, isPaused])
  return useSyncExternalStore(onCapture, present)
}
