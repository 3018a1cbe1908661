import { useDeferredValue, useEffect, useState } from 'react'
import { type ResendCounts, type ResendSelection, resendHeader } from '../../../src-main/contract/resend'
import { integer } from '../../format/numbers'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Field, Labelled } from '../../parts/Field'
import { Suggested } from '../../parts/Suggested'
import { useFormAction } from '../../parts/useFormAction'
import { change } from '../../stores/can'
import { useFeed } from '../../stores/feed'
import { notify } from '../../stores/notices'
import { shared } from '../../texts'
import type { Place } from '../messages/place'
import { knownHeaders, likelyHeader } from './likely-header'
import css from './resend.module.css'
import { texts } from './texts'
import { usePlan } from './usePlan'

interface Props {
  readonly selection: ResendSelection
  /** One of the messages: its headers say what is likely wanted. */
  readonly sample: Place | undefined
  readonly onClose: () => void
}

/** Writes copies of marked or found messages, and shows before how many go where. */
export function Resend({ selection, sample, onClose }: Props) {
  const { value: topics } = useFeed('topics.names', undefined)
  const [kind, setKind] = useState<'header' | 'topic'>('topic')
  const [header, setHeader] = useState<string>(knownHeaders[0])
  const [topic, setTopic] = useState('')
  const [perSecond, setPerSecond] = useState('')
  const [maxTimes, setMaxTimes] = useState('3')
  const [skipResent, setSkipResent] = useState(true)
  const form = useFormAction()
  useLikelyHeader(sample, (found) => {
    setKind('header')
    setHeader(found)
  })
  const names = (topics ?? []).filter(({ internal }) => !internal).map(({ name }) => name)
  const target = kind === 'topic' ? { topic } : { header: header.trim() }
  const times = Number(maxTimes)
  const isComplete = (kind === 'topic' ? names.includes(topic) : header.trim() !== '') && isWhole(maxTimes, 1000)
  const rules = useDeferredValue(isComplete ? { selection, target, maxTimes: times, skipResent } : null)
  const { counts, problem } = usePlan(rules)
  const messages = counts?.targets.reduce((sum, { records }) => sum + records, 0) ?? 0
  const isReady = counts?.done === true && messages > 0 && (perSecond === '' || isWhole(perSecond, 1_000_000))
  const start = async () => {
    if (rules === null) return
    const limit = perSecond === '' ? null : Number(perSecond)
    const isStarted = await form.run(async () => {
      const { id } = await change('resend.start', { ...rules, perSecond: limit })
      notify({ kind: 'done', text: texts.started(id) })
    })
    if (isStarted) onClose()
  }
  return (
    <Dialog
      wide
      title={texts.title}
      description={'marked' in selection ? texts.aboutMarked(selection.marked.length) : texts.aboutAll}
      problem={form.problem ?? problem}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{shared.cancel}</Button>
          <Button look="primary" needs="resend.start" disabled={!isReady || form.isBusy} onClick={() => void start()}>
            {isReady ? texts.action(messages) : texts.resend}
          </Button>
        </>
      }
    >
      <div className={css.fields}>
        <fieldset className={css.kinds}>
          <legend>{texts.to}</legend>
          {texts.kinds.map(([id, label]) => (
            <label key={id}>
              <input type="radio" name="target" checked={kind === id} onChange={() => setKind(id)} /> {label}
            </label>
          ))}
        </fieldset>
        <div className={css.row}>
          {kind === 'header' ? (
            <Suggested
              label={texts.header}
              placeholder={texts.headerPlaceholder}
              options={knownHeaders}
              value={header}
              onChange={setHeader}
            />
          ) : (
            <Suggested
              label={texts.topic}
              placeholder={texts.topicPlaceholder}
              options={names}
              value={topic}
              onChange={setTopic}
            />
          )}
          <Labelled label={texts.perSecond}>
            <Field
              aria-label={texts.perSecond}
              type="number"
              min={1}
              placeholder={texts.noLimit}
              value={perSecond}
              onChange={(event) => setPerSecond(event.target.value)}
            />
          </Labelled>
          <Labelled label={texts.maxTimes}>
            <Field
              aria-label={texts.maxTimes}
              type="number"
              min={1}
              max={1000}
              title={texts.maxTimesTitle(resendHeader)}
              value={maxTimes}
              onChange={(event) => setMaxTimes(event.target.value)}
            />
          </Labelled>
        </div>
        <label>
          <input type="checkbox" checked={skipResent} onChange={(event) => setSkipResent(event.target.checked)} />{' '}
          {texts.skipResent}
        </label>
      </div>
      {kind === 'topic' && topic !== '' && topics && !names.includes(topic) && (
        <p className="quiet">{texts.unknownTopic(topic)}</p>
      )}
      {counts && <DryRun counts={counts} messages={messages} />}
    </Dialog>
  )
}

function isWhole(text: string, most: number): boolean {
  return /^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= most
}

/** Tells the header of the sample that names its topic before. */
function useLikelyHeader(sample: Place | undefined, found: (header: string) => void): void {
  useEffect(() => {
    if (!sample) return
    const { topic, partition, offset } = sample
    let isWanted = true
    ask('messages.detail', { topic, partition, offset }).then(
      ({ headers }) => {
        const likely = likelyHeader(headers.map(({ key }) => key))
        if (isWanted && likely !== undefined) found(likely)
      },
      // It was deleted meanwhile: the dry run tells what is there.
      () => {},
    )
    return () => {
      isWanted = false
    }
  }, [])
}

function DryRun({ counts, messages }: { readonly counts: ResendCounts; readonly messages: number }) {
  const { targets, skipped, share, done } = counts
  return (
    <section className={css.plan} aria-label={texts.plan} tabIndex={0}>
      {!done && <p className="quiet">{texts.counting(Math.floor(share * 100))}</p>}
      {done && messages === 0 && <p>{texts.nothing}</p>}
      <table aria-label={texts.plan}>
        <tbody>
          {targets.map(({ topic, records }) => (
            <tr key={topic}>
              <th scope="row">{texts.goes}</th>
              <td>{topic}</td>
              <td>{integer(records)}</td>
            </tr>
          ))}
          {skipped.map(({ reason, topic, records }) => (
            <tr key={`${reason} ${topic}`} className="quiet">
              <th scope="row">{texts.stays}</th>
              <td>{texts.reasons[reason](topic)}</td>
              <td>{integer(records)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
