import { type KeyboardEvent, useState } from 'react'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Choice, Labelled } from '../../parts/Field'
import { useFeed } from '../../stores/feed'
import css from './messages.module.css'
import type { Place } from './place'
import { useMany } from './useMany'
import { useOne } from './useOne'

const codecs = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const

/** Where messages go, and how they are packed. */
export interface Target {
  /** Empty while none is chosen. */
  readonly topic: string
  readonly partitions: number
  readonly codec: (typeof codecs)[number]
}

interface Props {
  readonly topic: string
  /** A message to edit and send again. */
  readonly from: Place | null
  /** Begins with many at once. */
  readonly isImport?: boolean
  readonly onClose: () => void
}

/** Writes a message, or many: lines that are typed, or those of a file. */
export function Produce({ topic, from, isImport = false, onClose }: Props) {
  const { value: topics } = useFeed('topics', undefined)
  const writable = (topics ?? []).filter(({ internal }) => !internal)
  const [chosen, setChosen] = useState(topic)
  const [codec, setCodec] = useState<Target['codec']>('none')
  const [isMany, setMany] = useState(isImport)
  const known = writable.find(({ name }) => name === chosen)
  const target: Target = { topic: known?.name ?? '', partitions: known?.partitions ?? 0, codec }
  const one = useOne(target, from)
  const many = useMany(target, onClose)
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    if (!isMany && one.isReady) void one.send()
    if (isMany && many.isReady) void many.write()
  }
  return (
    <Dialog
      wide
      title={from ? 'Edit and send again' : isMany ? 'Produce messages' : 'Produce a message'}
      onClose={many.isBusy ? many.stop : onClose}
      actions={
        <>
          <Button onClick={many.isBusy ? many.stop : onClose}>{many.isBusy ? 'Stop' : 'Close'}</Button>
          {isMany ? (
            <Button look="primary" disabled={!many.isReady} onClick={many.write}>
              {many.deed}
            </Button>
          ) : (
            <Button look="primary" disabled={!one.isReady} onClick={one.send} title="Ctrl or ⌘ with Enter">
              Send
            </Button>
          )}
        </>
      }
    >
      <div className={css.produce} onKeyDown={onKeyDown}>
        {!from && (
          <fieldset className={css.modes} disabled={many.isBusy}>
            <legend className={css.hidden}>How many</legend>
            {[false, true].map((mode) => (
              <label key={String(mode)}>
                <input type="radio" name="mode" checked={isMany === mode} onChange={() => setMany(mode)} />{' '}
                {mode ? 'Many: lines or a file' : 'One message'}
              </label>
            ))}
          </fieldset>
        )}
        {isMany ? many.form : one.form}
        <div className={isMany ? css.where : `${css.where} ${css.ofOne}`}>
          <Labelled label="Topic">
            <Choice aria-label="Topic" value={target.topic} onChange={(event) => setChosen(event.target.value)}>
              {!known && <option value="">choose a topic</option>}
              {writable.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </Choice>
          </Labelled>
          {!isMany && one.where}
          <Labelled label="Compression">
            <Choice
              aria-label="Compression"
              value={codec}
              onChange={(event) => setCodec(event.target.value as Target['codec'])}
            >
              {codecs.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Choice>
          </Labelled>
        </div>
      </div>
    </Dialog>
  )
}
