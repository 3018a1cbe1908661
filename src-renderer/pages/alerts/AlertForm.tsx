import { type FormEvent, useState } from 'react'
import { type AlertKind, type AlertLine, alertKinds } from '../../../src-main/contract/alerts'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { Choice, Field, Labelled } from '../../parts/Field'
import { Suggested } from '../../parts/Suggested'
import { useFormAction } from '../../parts/useFormAction'
import { useDraft } from '../../stores/drafts'
import { useFeed } from '../../stores/feed'
import { shared } from '../../texts'
import page from '../pages.module.css'
import css from './alerts.module.css'
import { testWebhook } from './test-webhook'
import { texts } from './texts'

interface Props {
  /** `null`: a new one. */
  readonly alert: AlertLine | null
  readonly onDone: () => void
}

/** More than this is worth an alert for most people. */
const usual: Readonly<Record<AlertKind, number>> = { lag: 1000, silence: 10, errors: 10, deadLetters: 0 }

interface AlertDraft {
  readonly kind: AlertKind
  readonly subject: string
  readonly threshold: string
  readonly notifies: boolean
  readonly webhook: string
}

/** What was typed stays under this key while another page is open. */
export function draftKey(alert: AlertLine | null): string {
  return alert === null ? 'new alert' : `alert ${alert.id} `
}

function draftOf(alert: AlertLine | null): AlertDraft {
  if (alert === null) return { kind: 'lag', subject: '', threshold: String(usual.lag), notifies: true, webhook: '' }
  const { kind, subject, threshold, notifies, webhook } = alert
  return { kind, subject, threshold: String(threshold), notifies, webhook: webhook ?? '' }
}

/** Group or topic, number, note and webhook of an alert. */
export function AlertForm({ alert, onDone }: Props) {
  const [draft, setDraft] = useDraft(draftKey(alert), draftOf(alert))
  const edit = (fields: Partial<AlertDraft>) => setDraft({ ...draft, ...fields })
  const { kind, subject, threshold, notifies, webhook } = draft
  const { value: topics } = useFeed('topics.names', undefined)
  const { value: groups } = useFeed('groups.names', undefined)
  const form = useFormAction()
  const names = kind === 'lag' ? groups : topics?.map(({ name }) => name)
  const isReady = (kind === 'errors' || subject.trim() !== '') && /^\d+$/.test(threshold)
  const choose = (next: AlertKind) => edit({ kind: next, threshold: String(usual[next]) })
  const save = async (event: FormEvent) => {
    event.preventDefault()
    const rule = { id: alert?.id ?? null, kind, subject, threshold: Number(threshold), notifies }
    const isSaved = await form.run(() => ask('alert.set', { ...rule, webhook: webhook.trim() || null }))
    if (!isSaved) return
    if (alert === null) edit({ subject: '' })
    onDone()
  }
  return (
    <form className={css.form} aria-label={alert ? texts.editTitle : texts.add} onSubmit={(event) => void save(event)}>
      <Labelled label={texts.kind}>
        <Choice aria-label={texts.kind} value={kind} onChange={(event) => choose(event.target.value as AlertKind)}>
          {alertKinds.map((id) => (
            <option key={id} value={id}>
              {texts.kinds[id]}
            </option>
          ))}
        </Choice>
      </Labelled>
      {kind !== 'errors' && (
        <Suggested
          label={texts.subject[kind]}
          value={subject}
          options={names ?? []}
          onChange={(next) => edit({ subject: next })}
        />
      )}
      <Labelled label={`${texts.threshold} (${texts.units[kind]})`}>
        <Field type="number" min={0} value={threshold} onChange={(event) => edit({ threshold: event.target.value })} />
      </Labelled>
      <label className={css.check} title={texts.notifiesTitle}>
        <input type="checkbox" checked={notifies} onChange={(event) => edit({ notifies: event.target.checked })} />{' '}
        {texts.notifies}
      </label>
      <WebhookField webhook={webhook} onChange={(next) => edit({ webhook: next })} />
      {form.problem !== null && <Problem text={form.problem} />}
      <div className={css.buttons}>
        <Button look="primary" type="submit" disabled={!isReady || form.isBusy}>
          {alert ? texts.save : texts.add}
        </Button>
        {alert && <Button onClick={onDone}>{shared.cancel}</Button>}
      </div>
    </form>
  )
}

interface WebhookProps {
  readonly webhook: string
  readonly onChange: (webhook: string) => void
}

/** The address of a webhook, with a button that tries it and tells what it answers. */
function WebhookField({ webhook, onChange }: WebhookProps) {
  const [answer, setAnswer] = useState<{ readonly isGood: boolean; readonly text: string } | null>(null)
  const [isBusy, setBusy] = useState(false)
  const test = async () => {
    setBusy(true)
    setAnswer(await testWebhook(webhook.trim()))
    setBusy(false)
  }
  return (
    <div className={css.webhook}>
      <Labelled label={texts.webhook}>
        <Field
          type="url"
          placeholder={texts.webhookPlaceholder}
          value={webhook}
          onChange={(event) => {
            setAnswer(null)
            onChange(event.target.value)
          }}
        />
      </Labelled>
      <Button disabled={webhook.trim() === '' || isBusy} onClick={() => void test()}>
        {texts.test}
      </Button>
      <p className={answer?.isGood === false ? page.problem : 'quiet'} role="status">
        {answer ? `${answer.isGood ? '✓' : '✕'} ${answer.text}` : texts.webhookHint}
      </p>
    </div>
  )
}
