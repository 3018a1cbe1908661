import { useEffect, useState } from 'react'
import type { ConnectionLine, ConnectionsView } from '../../../src-main/contract/connections'
import { clusterColors, clusterStages } from '../../../src-main/contract/workspace'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { Area, Choice, Field, Labelled } from '../../parts/Field'
import { Menu } from '../../parts/Menu'
import { useFormAction } from '../../parts/useFormAction'
import { discardDrafts, useDraft } from '../../stores/drafts'
import { useFeed } from '../../stores/feed'
import { attempt, notify } from '../../stores/notices'
import { go, href } from '../../stores/route'
import { shared } from '../../texts'
import page from '../pages.module.css'
import { DeleteConnection, duplicate, OpenElsewhere, Swatch } from './actions'
import css from './connections.module.css'
import {
  draftOf,
  type FormDraft,
  type FormParts,
  inputOf,
  mechanismOf,
  newDraft,
  newSubject,
  usesTls,
  withSecurity,
  wrongLines,
} from './draft'
import { SaslFields } from './SaslFields'
import { SecretField, SettingField } from './SettingField'
import { Findings, useTest } from './Test'
import { TlsFields } from './TlsFields'
import { texts } from './texts'

const { form: labels } = texts

/** One connection: a form that keeps what was typed, its test, and what can be done with it. */
export function ConnectionPage({ view, subject }: { readonly view: ConnectionsView; readonly subject: string }) {
  const stored = view.connections.find(({ id }) => id === subject) ?? null
  if (subject !== newSubject && !stored) return <p className={page.bar}>{labels.gone}</p>
  return <Form view={view} stored={stored} />
}

function Form({ view, stored }: { readonly view: ConnectionsView; readonly stored: ConnectionLine | null }) {
  const key = `connection ${stored?.id ?? newSubject}`
  const [draft, setDraft] = useDraft<FormDraft>(key, stored ? draftOf(stored) : newDraft())
  const [dialog, setDialog] = useState<'delete' | 'open' | null>(null)
  const cluster = useFeed('workspace', undefined).value?.cluster
  const form = useFormAction()
  const test = useTest()
  useEffect(() => test.stop, [])
  const change = (part: Partial<FormDraft>) => setDraft({ ...draft, ...part })
  const wrong = wrongLines(draft)
  const input = inputOf(draft, stored)
  const save = () =>
    form.run(async () => {
      const line = await ask('connection.save', input)
      const isOfThesePages = !view.opensWindows && cluster != null && cluster.name === stored?.name
      notify({ kind: 'done', text: isOfThesePages ? labels.savedForNextStart(line.name) : labels.saved(line.name) })
      // What was typed of secrets, in whichever field, does not stay here.
      setDraft({ ...draftOf(line), storesSecrets: draft.storesSecrets })
      discardDrafts(key)
      go('connections', line.id)
    })
  const open = () => {
    if (!stored) return
    if (view.opensWindows) void attempt(() => ask('connection.open', { id: stored.id, view: null }))
    else setDialog('open')
  }
  const parts = { draft, stored, change }
  return (
    <>
      <header className={page.header}>
        <a className={page.crumb} href={href('connections')}>
          {labels.back} /
        </a>
        <h1>
          <Swatch color={draft.color} />
          {draft.name || labels.newTitle}
        </h1>
        <span className={page.spacer} />
        {stored && <Button onClick={open}>{texts.open}</Button>}
        {stored && (
          <Menu
            label={labels.more}
            items={[
              { label: texts.duplicate, onSelect: () => void duplicate(stored) },
              { label: texts.delete, onSelect: () => setDialog('delete') },
            ]}
          />
        )}
        <Button disabled={wrong.length > 0} onClick={() => (test.isRunning ? test.stop() : test.start(input))}>
          {test.isRunning ? labels.stopTest : labels.test}
        </Button>
        <Button look="primary" disabled={form.isBusy || wrong.length > 0} onClick={() => void save()}>
          {shared.save}
        </Button>
      </header>
      <div className={page.scroll}>
        <div className={css.form}>
          <form
            className={css.fields}
            onSubmit={(event) => {
              event.preventDefault()
              void save()
            }}
          >
            {form.problem !== null && <Problem text={form.problem} />}
            {view.problem !== null && <Problem text={view.problem} />}
            <Names {...parts} />
            <Labelled label={labels.encryption}>
              <Encryption {...parts} />
            </Labelled>
            <TlsFields {...parts} />
            <SaslFields {...parts} />
            <More {...parts} />
            <SecretsNote view={view} {...parts} />
            {/* Enter in a field saves. */}
            <button type="submit" hidden disabled={form.isBusy || wrong.length > 0} />
          </form>
          <div>
            <Findings test={test} />
            {stored && stored.clusterId !== null && <ClusterId id={stored.id} clusterId={stored.clusterId} />}
          </div>
        </div>
      </div>
      {dialog === 'delete' && stored && <DeleteConnection line={stored} onClose={() => setDialog(null)} />}
      {dialog === 'open' && stored && <OpenElsewhere name={stored.name} onClose={() => setDialog(null)} />}
    </>
  )
}

function Names({ draft, stored, change }: FormParts) {
  return (
    <>
      <div className={css.row}>
        <Labelled label={labels.name}>
          <Field
            autoFocus={stored === null}
            maxLength={100}
            value={draft.name}
            onChange={(event) => change({ name: event.target.value })}
          />
        </Labelled>
        <Labelled label={labels.stage}>
          <Choice
            value={draft.stage ?? ''}
            onChange={(event) => change({ stage: clusterStages.find((one) => one === event.target.value) ?? null })}
          >
            <option value="">{texts.noStage}</option>
            {clusterStages.map((stage) => (
              <option key={stage} value={stage}>
                {texts.stages[stage]}
              </option>
            ))}
          </Choice>
        </Labelled>
        <Labelled label={labels.color}>
          <Choice
            value={draft.color ?? ''}
            onChange={(event) => change({ color: clusterColors.find((one) => one === event.target.value) ?? null })}
          >
            <option value="">{texts.noColor}</option>
            {clusterColors.map((color) => (
              <option key={color} value={color}>
                {texts.colors[color]}
              </option>
            ))}
          </Choice>
        </Labelled>
      </div>
      <p className={css.note}>{labels.stageNote}</p>
      <SettingField
        setting="bootstrap.servers"
        label={labels.servers}
        placeholder={labels.serversHint}
        {...{ draft, stored, change }}
      />
    </>
  )
}

function Encryption({ draft, change }: FormParts) {
  const { settings } = draft
  return (
    <Choice
      value={usesTls(settings) ? 'tls' : 'plain'}
      onChange={(event) =>
        change({ settings: withSecurity(settings, event.target.value === 'tls', mechanismOf(settings)) })
      }
    >
      <option value="plain">{labels.plain}</option>
      <option value="tls">{labels.tls}</option>
    </Choice>
  )
}

function More(parts: FormParts) {
  const { draft, stored, change } = parts
  const [wrong] = wrongLines(draft)
  // Rules with the password of a proxy are kept as a secret.
  const isKept = stored?.secrets.some(
    ({ setting }) => setting === 'ottla.addresses' && !draft.removed.includes(setting),
  )
  return (
    <>
      <h2 className={css.section}>{labels.more}</h2>
      <div className={css.row}>
        <SettingField
          setting="schema.registry.url"
          label={labels.registry}
          placeholder={labels.registryHint}
          {...parts}
        />
        <SecretField
          setting="schema.registry.basic.auth.user.info"
          label={labels.registryUser}
          placeholder={labels.registryUserHint}
          {...parts}
        />
      </div>
      <SettingField
        setting="ottla.addresses"
        label={labels.addresses}
        placeholder={isKept ? labels.isSet : labels.addressesHint}
        {...parts}
      />
      <Labelled label={labels.others}>
        <Area
          rows={3}
          value={draft.others}
          placeholder={labels.othersHint}
          onChange={(event) => change({ others: event.target.value })}
        />
      </Labelled>
      {wrong !== undefined && <Problem text={labels.wrongLine(wrong)} />}
      <p className={css.note}>{labels.othersNote}</p>
    </>
  )
}

/** Secrets that have a field of their own. */
const withField: ReadonlySet<string> = new Set([
  'sasl.password',
  'sasl.oauthbearer.client.secret',
  'ssl.truststore.password',
  'ssl.keystore.password',
  'ssl.keystore.key',
  'ssl.key.password',
  'schema.registry.basic.auth.user.info',
])

function SecretsNote({ view, draft, stored, change }: FormParts & { readonly view: ConnectionsView }) {
  const others = (stored?.secrets ?? []).filter(
    ({ setting }) => !withField.has(setting) && !draft.removed.includes(setting),
  )
  return (
    <>
      <h2 className={css.section}>{labels.secrets}</h2>
      <p className={css.note}>{labels.secretNotes[view.secretStorage]}</p>
      {!view.opensWindows && (
        <p className={css.note}>{labels.headlessSecrets(variableOf(draft.name || 'name', 'sasl.password'))}</p>
      )}
      {view.secretStorage === 'builtInPassword' && (
        <label>
          <input
            type="checkbox"
            checked={draft.storesSecrets}
            onChange={(event) => change({ storesSecrets: event.target.checked })}
          />{' '}
          {labels.store}
        </label>
      )}
      {others.map(({ setting, isSet }) => (
        <span key={setting} className={css.found}>
          <span className="data">{setting}</span>
          <span className="quiet">{isSet ? texts.secretsSet : labels.notSet}</span>
          <Button
            look="plain"
            aria-label={labels.remove(setting)}
            onClick={() => change({ removed: [...draft.removed, setting] })}
          >
            {shared.remove}
          </Button>
        </span>
      ))}
    </>
  )
}

/** As the command line reads it. */
function variableOf(connection: string, setting: string): string {
  return `OTTLA_SECRET_${connection}_${setting}`.toUpperCase().replace(/[^A-Z0-9]+/g, '_')
}

function ClusterId({ id, clusterId }: { readonly id: string; readonly clusterId: string }) {
  return (
    <div className={css.cluster}>
      <h2 className={css.section}>{labels.clusterId}</h2>
      <p className="data">{clusterId}</p>
      <p className={css.note}>{labels.clusterIdNote}</p>
      <Button onClick={() => void attempt(() => ask('connection.unpin', { id }), labels.unpinned)}>
        {labels.unpin}
      </Button>
    </div>
  )
}
