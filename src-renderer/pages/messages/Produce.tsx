import { type KeyboardEvent, useState } from 'react'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Choice, Labelled } from '../../parts/Field'
import { discardDrafts } from '../../stores/drafts'
import { useFeed } from '../../stores/feed'
import { modifier } from '../../stores/keyboard'
import { shared } from '../../texts'
import { ImportForm } from './ImportForm'
import css from './messages.module.css'
import { OneForm, OneTarget } from './OneForm'
import type { Place } from './place'
import { codecs, type Target } from './produce-target'
import { texts } from './texts'
import { useImport } from './useImport'
import { draftPrefix, useOne } from './useOne'

interface Props {
  readonly topic: string
  /** A message to edit and send again. */
  readonly from: Place | null
  /** Starts with the form for many messages. */
  readonly isImport?: boolean
  /** Messages were written. */
  readonly onSent: () => void
  readonly onClose: () => void
}

/** Writes one message, or many: typed lines, or those of a file. */
export function Produce({ topic, from, isImport = false, onSent, onClose }: Props) {
  const { value: topics } = useFeed('topics.names', undefined)
  const writable = (topics ?? []).filter(({ internal }) => !internal)
  const [chosen, setChosen] = useState(topic)
  const [codec, setCodec] = useState<Target['codec']>('none')
  const [isMany, setMany] = useState(isImport)
  const known = writable.find(({ name }) => name === chosen)
  const target: Target = { topic: known?.name ?? chosen, partitions: known?.partitions ?? 0, codec }
  const one = useOne(target, from, onSent)
  const many = useImport(target, () => {
    onSent()
    onClose()
  })
  const isWriting = many.written !== null
  const current = isMany ? many : one
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    if (!isMany && one.isReady) void one.send()
    if (isMany && many.isReady) void many.write()
  }
  const { produce } = texts
  return (
    <Dialog
      wide
      title={from ? produce.titleAgain : isMany ? produce.titleMany : produce.titleOne}
      hasDraft={current.hasDraft}
      problem={current.form.problem}
      onDiscard={() => discardDrafts(draftPrefix(target.topic))}
      onClose={isWriting ? many.stop : onClose}
      actions={
        <>
          <Button onClick={isWriting ? many.stop : onClose}>{isWriting ? produce.stop : shared.close}</Button>
          {isMany ? (
            <Button look="primary" needs="messages.import" disabled={!many.isReady} onClick={() => void many.write()}>
              {many.check.done && many.check.messages > 0
                ? texts.import.writeCount(many.check.messages)
                : texts.import.write}
            </Button>
          ) : (
            <Button
              look="primary"
              needs="messages.produce"
              disabled={!one.isReady}
              onClick={() => void one.send()}
              title={produce.sendTitle(modifier)}
            >
              {produce.send}
            </Button>
          )}
        </>
      }
    >
      <div className={css.produce} onKeyDown={onKeyDown}>
        {!from && (
          <fieldset className={css.modes} disabled={isWriting}>
            <legend className={css.hidden}>{produce.mode}</legend>
            {[false, true].map((mode) => (
              <label key={String(mode)}>
                <input type="radio" name="mode" checked={isMany === mode} onChange={() => setMany(mode)} />{' '}
                {mode ? produce.modes.many : produce.modes.one}
              </label>
            ))}
          </fieldset>
        )}
        {isMany ? <ImportForm many={many} /> : <OneForm one={one} />}
        <div className={isMany ? css.where : `${css.where} ${css.ofOne}`}>
          <Labelled label={produce.topic}>
            <Choice
              aria-label={produce.topic}
              value={known?.name ?? ''}
              onChange={(event) => setChosen(event.target.value)}
            >
              {!known && <option value="">{produce.chooseTopic}</option>}
              {writable.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </Choice>
          </Labelled>
          {!isMany && <OneTarget one={one} partitions={target.partitions} />}
          <Labelled label={produce.compression}>
            <Choice
              aria-label={produce.compression}
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
