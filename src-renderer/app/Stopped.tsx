import { Play } from 'lucide-react'
import { useState } from 'react'
import { desktop } from '../desktop'
import { Button } from '../parts/Button'
import { CopyText } from '../parts/Copy'
import css from './app.module.css'

/** In place of every page while there is no broker: why, and what to do. */
export function Stopped({ why }: { readonly why: string }) {
  const [starting, setStarting] = useState(false)
  return (
    <div className={css.stopped} role="alert">
      <h1>Kafka is not running</h1>
      <p>{why}</p>
      {desktop ? (
        <Button
          look="primary"
          disabled={starting}
          onClick={() => {
            setStarting(true)
            desktop?.startBroker()
          }}
        >
          <Play size={12} /> Start again
        </Button>
      ) : (
        <CopyText text="ottla serve" />
      )}
    </div>
  )
}
