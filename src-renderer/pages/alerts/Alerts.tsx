import { Pencil, Send, X } from 'lucide-react'
import type { AlertLine } from '../../../src-main/contract/alerts'
import { integer } from '../../format/numbers'
import { clockTime, exactTime } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { discardDrafts, useDraft } from '../../stores/drafts'
import { useFeed } from '../../stores/feed'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'
import { useFound } from '../settings/found'
import { Section } from '../settings/Row'
import { AlertForm, draftKey } from './AlertForm'
import css from './alerts.module.css'
import { testWebhook } from './test-webhook'
import { texts } from './texts'

/** Rules that are looked at once a second, and a form for another one, or for one of them. */
export function Alerts() {
  const { value: alerts } = useFeed('alerts', undefined)
  const [editedId, setEditedId] = useDraft<number | null>('alert that is edited', null)
  const isShown = useFound(...wordsOf(alerts ?? []))
  const edited = alerts?.find(({ id }) => id === editedId)
  const endEdit = (alert: AlertLine) => {
    discardDrafts(draftKey(alert))
    setEditedId(null)
  }
  if (!isShown) return null
  return (
    <Section title={texts.title}>
      <div data-setting>
        <p className={css.about}>{texts.about}</p>
        <ul className={css.lines} aria-label={texts.table}>
          {alerts?.map((alert) =>
            alert === edited ? (
              <li key={alert.id} className={css.edited}>
                <AlertForm alert={alert} onDone={() => endEdit(alert)} />
              </li>
            ) : (
              <Line key={alert.id} alert={alert} onEdit={() => setEditedId(alert.id)} />
            ),
          )}
        </ul>
        {!edited && <AlertForm alert={null} onDone={() => {}} />}
      </div>
    </Section>
  )
}

/** What finds the alerts: their texts, and groups, topics and webhooks. */
function wordsOf(alerts: readonly AlertLine[]): readonly (string | null)[] {
  return [
    texts.title,
    texts.about,
    texts.webhook,
    texts.notifies,
    ...Object.values(texts.kinds),
    ...alerts.flatMap(({ subject, webhook }) => [subject, webhook]),
  ]
}

function Line({ alert, onEdit }: { readonly alert: AlertLine; readonly onEdit: () => void }) {
  const { id, kind, subject, threshold, since, value, webhook } = alert
  const name = texts.rule(texts.kinds[kind], subject)
  return (
    <li className={css.line}>
      <span role="status" className={since === null ? 'quiet' : page.problem}>
        <span aria-hidden style={{ color: since === null ? 'var(--good)' : 'var(--bad)' }}>
          {since === null ? '●' : '✕'}
        </span>{' '}
        {since === null ? texts.quiet : texts.firing(clockTime(since))}
      </span>
      <div className={css.facts}>
        <div>
          <b>{name}</b> <span className="quiet">{texts.limit(integer(threshold), texts.units[kind])}</span>
        </div>
        <div className="quiet">
          {value === null ? texts.unknown[kind] : texts.now(integer(value))}
          {alert.most !== null && texts.most(integer(alert.most))}
          {alert.notifies && texts.andNote}
        </div>
        {alert.past.length > 0 && (
          <div className="quiet">
            {texts.past(
              alert.past.map((span) => texts.span(clockTime(span.since), clockTime(span.until), integer(span.most))),
            )}
          </div>
        )}
        {webhook !== null && <WebhookState alert={alert} webhook={webhook} />}
      </div>
      <span className={css.actions}>
        {webhook !== null && (
          <Button
            look="plain"
            aria-label={texts.testOf(name)}
            title={texts.test}
            onClick={() => void attemptTest(webhook)}
          >
            <Send size={14} />
          </Button>
        )}
        <Button look="plain" aria-label={texts.edit(name)} title={texts.editTitle} onClick={onEdit}>
          <Pencil size={14} />
        </Button>
        <Button
          look="plain"
          aria-label={texts.remove(texts.kinds[kind], subject)}
          title={texts.removeTitle}
          onClick={() => void attempt(() => ask('alert.remove', { id }))}
        >
          <X size={14} />
        </Button>
      </span>
    </li>
  )
}

async function attemptTest(webhook: string): Promise<void> {
  await attempt(async () => {
    const { isGood, text } = await testWebhook(webhook)
    if (!isGood) throw new Error(text)
  }, texts.testDone)
}

function WebhookState({ alert: { called }, webhook }: { readonly alert: AlertLine; readonly webhook: string }) {
  const host = URL.canParse(webhook) ? new URL(webhook).host : webhook
  const hasFailed = called !== null && called.problem !== null
  return (
    <div className={hasFailed ? page.problem : 'quiet'} title={called ? exactTime(called.at) : undefined}>
      {texts.webhookOf(host)}
      {called?.problem === null && texts.called(clockTime(called.at))}
      {called && called.problem !== null && (
        <>
          {texts.failed(clockTime(called.at), called.problem)}
          {called.nextAt === null ? texts.gaveUp(called.tries) : texts.again(clockTime(called.nextAt))}
        </>
      )}
    </div>
  )
}
