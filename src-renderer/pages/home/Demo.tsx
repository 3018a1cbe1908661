import { Play, Square } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../parts/Button'
import { change } from '../../stores/can'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import { href } from '../../stores/route'
import css from './home.module.css'
import { texts } from './texts'

/** Starts the demo, and stops it. */
export function Demo({ hasTopics }: { readonly hasTopics: boolean }) {
  const { value: demo } = useFeed('demo', undefined)
  const [busy, setBusy] = useState(false)
  if (!demo) return null
  const set = async (running: boolean) => {
    setBusy(true)
    await attempt(() => change('demo.set', { running }), running ? undefined : texts.demo.stopped)
    setBusy(false)
  }
  if (demo.running) {
    return (
      <div className={css.demo}>
        <p>
          {texts.demo.runningBefore}
          <a href={href('messages')}>{texts.demo.messages}</a>, <a href={href('schemas')}>{texts.demo.schemas}</a>,{' '}
          <a href={href('rebalances')}>{texts.demo.rebalances}</a>,{' '}
          <a href={href('transactions')}>{texts.demo.transactions}</a>,{' '}
          <a href={href('groups', 'demo-statistics', 'tasks')}>{texts.demo.tasks}</a>.
        </p>
        <Button needs="demo.set" disabled={busy} onClick={() => set(false)}>
          <Square size={12} /> {texts.demo.stop}
        </Button>
      </div>
    )
  }
  return (
    <div className={css.demo}>
      <Button look={hasTopics ? 'plain' : 'primary'} needs="demo.set" disabled={busy} onClick={() => set(true)}>
        <Play size={12} /> {texts.demo.start}
      </Button>
      {demo.leftover ? (
        <>
          <p>{texts.demo.leftover}</p>
          <Button needs="demo.set" disabled={busy} onClick={() => set(false)}>
            {texts.demo.cleanUp}
          </Button>
        </>
      ) : (
        <p className="quiet">{texts.demo.about}</p>
      )}
    </div>
  )
}
