import { X } from 'lucide-react'
import { type FormEvent, useId, useState } from 'react'
import { type AlertKind, type AlertLine, alertKinds } from '../../../src-main/contract/alerts'
import { integer } from '../../format/numbers'
import { clockTime } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { Choice, Field, Labelled } from '../../parts/Field'
import { useFormAction } from '../../parts/useFormAction'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'
import { Section } from '../settings/Row'
import css from './alerts.module.css'
import { texts } from './texts'

/** Rules that are looked at once a second, and a form for another one. */
export function Alerts() {
  const { value: alerts } = useFeed('alerts', undefined)
  return (
    <Section title={texts.title}>
      <p className={css.about}>{texts.about}</p>
      <div className={css.lines}>
        {alerts?.map((alert) => (
          <Line key={alert.id} alert={alert} />
        ))}
      </div>
      <NewAlert />
    </Section>
  )
}

function Line({ alert }: { readonly alert: AlertLine }) {
  const { id, kind, subject, threshold, since, value, called } = alert
  return (
    <div className={css.line}>
      <span role="status">
        <span aria-hidden style={{ color: since === null ? 'var(--good)' : 'var(--bad)' }}>
          {since === null ? '●' : '✕'}
        </span>{' '}
        {since === null ? texts.quiet : texts.firing(clockTime(since))}
      </span>
      <span>{texts.rule(texts.kinds[kind], subject)}</span>
      <span className="quiet">{texts.limit(integer(threshold), texts.units[kind])}</span>
      {value !== null && <span className="quiet">{texts.now(integer(value))}</span>}
      {called && (
        <span className={called.problem === null ? 'quiet' : page.problem}>
          {called.problem === null ? texts.called(clockTime(called.at)) : texts.failed(called.problem)}
        </span>
      )}
      <span className={page.spacer} />
      <Button
        look="plain"
        aria-label={texts.remove(texts.kinds[kind], subject)}
        onClick={() => void attempt(() => ask('alert.remove', { id }))}
      >
        <X size={14} />
      </Button>
    </div>
  )
}

function NewAlert() {
  const [kind, setKind] = useState<AlertKind>('lag')
  const [subject, setSubject] = useState('')
  const [threshold, setThreshold] = useState('1000')
  const [notifies, setNotifies] = useState(true)
  const [webhook, setWebhook] = useState('')
  const { value: topics } = useFeed('topics', undefined)
  const { value: groups } = useFeed('groups', undefined)
  const form = useFormAction()
  const list = useId()
  const names = kind === 'lag' ? groups?.map(({ groupId }) => groupId) : topics?.map(({ name }) => name)
  const isReady = (kind === 'errors' || subject.trim() !== '') && /^\d+$/.test(threshold)
  const add = (event: FormEvent) => {
    event.preventDefault()
    const rule = { id: null, kind, subject: kind === 'errors' ? '' : subject.trim(), threshold: Number(threshold) }
    void form.run(() => ask('alert.set', { ...rule, notifies, webhook: webhook.trim() === '' ? null : webhook.trim() }))
  }
  return (
    <form className={css.form} onSubmit={add}>
      <Labelled label={texts.kind}>
        <Choice aria-label={texts.kind} value={kind} onChange={(event) => setKind(event.target.value as AlertKind)}>
          {alertKinds.map((id) => (
            <option key={id} value={id}>
              {texts.kinds[id]}
            </option>
          ))}
        </Choice>
      </Labelled>
      {kind !== 'errors' && (
        <Labelled label={texts.subject[kind]}>
          <Field list={list} value={subject} onChange={(event) => setSubject(event.target.value)} />
        </Labelled>
      )}
      <datalist id={list}>
        {names?.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <Labelled label={`${texts.threshold} (${texts.units[kind]})`}>
        <Field type="number" min={0} value={threshold} onChange={(event) => setThreshold(event.target.value)} />
      </Labelled>
      <Labelled label={texts.webhook}>
        <Field
          size={32}
          placeholder={texts.webhookPlaceholder}
          value={webhook}
          onChange={(event) => setWebhook(event.target.value)}
        />
      </Labelled>
      <label className={css.check} title={texts.notifiesTitle}>
        <input type="checkbox" checked={notifies} onChange={(event) => setNotifies(event.target.checked)} />{' '}
        {texts.notifies}
      </label>
      <Button look="primary" type="submit" disabled={!isReady || form.isBusy}>
        {texts.add}
      </Button>
      {form.problem !== null && <Problem text={form.problem} />}
    </form>
  )
}
