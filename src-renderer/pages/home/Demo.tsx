import { Play, Square } from 'lucide-react'
import { useState } from 'react'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import { href } from '../../stores/route'
import css from './home.module.css'

/** Life in one click, and its end in another. */
export function Demo({ hasTopics }: { readonly hasTopics: boolean }) {
  const { value: demo } = useFeed('demo', undefined)
  const [busy, setBusy] = useState(false)
  if (!demo) return null
  const set = async (running: boolean) => {
    setBusy(true)
    await attempt(
      () => ask('demo.set', { running }),
      running ? undefined : 'The demo is over, and what it made is removed.',
    )
    setBusy(false)
  }
  if (demo.running) {
    return (
      <div className={css.demo}>
        <p>
          The demo is playing: a shop, its tills, and three consumers that come and go. Look at{' '}
          <a href={href('messages')}>Messages</a>, <a href={href('rebalances')}>Rebalances</a> and{' '}
          <a href={href('transactions')}>Transactions</a>.
        </p>
        <Button disabled={busy} onClick={() => set(false)}>
          <Square size={12} /> Stop and clean up
        </Button>
      </div>
    )
  }
  return (
    <div className={css.demo}>
      <Button look={hasTopics ? 'plain' : 'primary'} disabled={busy} onClick={() => set(true)}>
        <Play size={12} /> Play the demo
      </Button>
      {demo.leftover ? (
        <>
          <p>The demo was cut short: its topics and its group are still here.</p>
          <Button disabled={busy} onClick={() => set(false)}>
            Clean up
          </Button>
        </>
      ) : (
        <p className="quiet">
          Real producers and consumers over the socket, so that every page has life. One click stops it and cleans up.
        </p>
      )}
    </div>
  )
}
