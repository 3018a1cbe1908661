import { useEffect, useState } from 'react'
import type { ExchangeLine } from '../../../src-main/contract/workspace'
import { useHost } from '../../host'

/** Requests that are kept, the newest first. */
const kept = 2000

export interface Exchanges {
  readonly lines: readonly ExchangeLine[]
  /** How often requests were skipped because more came than the page took: a hidden page takes none. */
  readonly gaps: number
}

/** Calls `run` when the page is visible, now or later. Returns a function that cancels it. */
function whenVisible(run: () => void): () => void {
  if (document.visibilityState === 'visible') {
    const timer = requestAnimationFrame(run)
    return () => cancelAnimationFrame(timer)
  }
  document.addEventListener('visibilitychange', run, { once: true })
  return () => document.removeEventListener('visibilitychange', run)
}

/**
 * Requests and responses while the page is open. A pause ends the feed: nobody looks then, so the broker keeps what is listed, and each row
 * can be opened. A feed that the broker closed because the page was too slow is opened again.
 */
export function useExchanges(isPaused: boolean): Exchanges {
  const client = useHost((host) => host.client)
  const [lines, setLines] = useState<readonly ExchangeLine[]>([])
  const [gaps, setGaps] = useState(0)
  useEffect(() => {
    if (!client || isPaused) return
    let close = () => {}
    const open = () => {
      close = client.feed('exchanges', undefined, {
        items(items) {
          setLines((before) => [...items.flat().reverse(), ...before].slice(0, kept))
        },
        failed() {
          setGaps((before) => before + 1)
          close = whenVisible(open)
        },
      })
    }
    open()
    return () => close()
  }, [client, isPaused])
  return { lines, gaps }
}
