import type { QuotaLimit, SecurityView } from '../../../src-main/contract/security'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { Choice, Field, Labelled } from '../../parts/Field'
import { Suggested } from '../../parts/Suggested'
import { useFormAction } from '../../parts/useFormAction'
import { change, useCan } from '../../stores/can'
import { useDraft } from '../../stores/drafts'
import { useFeed } from '../../stores/feed'
import { notify } from '../../stores/notices'
import {
  amountOf,
  type EntityPart,
  emptyQuota,
  entityOf,
  limitOf,
  limitsOf,
  missingName,
  partsOf,
  type QuotaDraft,
  type QuotaKind,
  quotaKinds,
  valueNow,
  type Whom,
} from './quota-draft'
import css from './security.module.css'
import { texts } from './texts'

const { form: words } = texts.quotas

/** Sets one limit, for whom it says in a sentence first: the default of everybody is chosen, not left empty. */
export function QuotaForm({ view }: { readonly view: SecurityView }) {
  const [draft, setDraft] = useDraft<QuotaDraft>('security quota', emptyQuota)
  const form = useFormAction()
  const edit = (fields: Partial<QuotaDraft>) => setDraft({ ...draft, ...fields })
  const limit = limitOf(draft)
  const amount = amountOf(limit, draft.value)
  const missing = missingName(draft)
  const entity = entityOf(draft)
  const parts = partsOf[draft.kind]
  const isReady = amount !== null && missing === null && !form.isBusy
  const isDefault = parts.every((part) => draft[part].isDefault)
  const set = async () => {
    if (amount === null) return
    const isSet = await form.run(() => change('security.quota', { entity, limit, value: amount }))
    if (isSet) notify({ kind: 'done', text: texts.quotas.isSet })
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (isReady) void set()
      }}
    >
      <div className={css.form}>
        <Labelled label={texts.quotas.entity}>
          <Choice value={draft.kind} onChange={(event) => edit({ kind: event.target.value as QuotaKind })}>
            {quotaKinds.map((kind) => (
              <option key={kind} value={kind}>
                {texts.quotas.entities[kind]}
              </option>
            ))}
          </Choice>
        </Labelled>
        {parts.map((part) => (
          <WhomFields
            key={part}
            part={part}
            whom={draft[part]}
            view={view}
            onChange={(whom) => edit({ [part]: whom })}
          />
        ))}
        <Labelled label={texts.quotas.limit}>
          <Choice value={limit} onChange={(event) => edit({ limit: event.target.value as QuotaLimit })}>
            {limitsOf(draft.kind).map((known) => (
              <option key={known}>{known}</option>
            ))}
          </Choice>
        </Labelled>
        <Labelled label={texts.quotas.value(texts.quotas.units[limit])}>
          <Field
            aria-invalid={amount === null}
            value={draft.value}
            onChange={(event) => edit({ value: event.target.value })}
          />
        </Labelled>
        <Button look="primary" type="submit" needs="security.quota" disabled={!isReady}>
          {isDefault ? texts.quotas.setDefault : texts.quotas.set}
        </Button>
      </div>
      <p className={missing === null && amount === null ? css.hint : css.preview} role="status">
        {missing !== null ? (
          <span className="quiet">{words.missing[missing]}</span>
        ) : amount === null ? (
          words.noAmount(limit)
        ) : (
          words.sentence(entity, limit, amount, valueNow(view.quotas, entity, limit))
        )}
      </p>
      {form.problem !== null && <Problem text={form.problem} />}
    </form>
  )
}

interface WhomProps {
  readonly part: EntityPart
  readonly whom: Whom
  readonly view: SecurityView
  readonly onChange: (whom: Whom) => void
}

/** One user, client id or address, or the default of all others. */
function WhomFields({ part, whom, view, onChange }: WhomProps) {
  const rename = (name: string) => onChange({ ...whom, name })
  return (
    <>
      <Labelled label={words.which[part]}>
        <Choice
          value={whom.isDefault ? 'default' : 'one'}
          onChange={(event) => onChange({ ...whom, isDefault: event.target.value === 'default' })}
        >
          <option value="one">{words.one[part]}</option>
          <option value="default">{words.everyOther[part]}</option>
        </Choice>
      </Labelled>
      {!whom.isDefault && <NameField part={part} name={whom.name} view={view} onChange={rename} />}
    </>
  )
}

interface NameProps {
  readonly part: EntityPart
  readonly name: string
  readonly view: SecurityView
  readonly onChange: (name: string) => void
}

function NameField({ part, name, view, onChange }: NameProps) {
  const knowsClients = useCan('clients') === true
  const known = view.quotas.flatMap(({ entity }) => entity[part] ?? [])
  const field = { label: texts.quotas[part], value: name, onChange }
  if (part === 'user')
    return <Suggested {...field} options={unique([...view.users.map((user) => user.name), ...known])} />
  return knowsClients ? (
    <OfClients {...field} part={part} known={known} />
  ) : (
    <Suggested {...field} options={unique(known)} />
  )
}

interface OfClientsProps {
  readonly label: string
  readonly value: string
  readonly part: 'clientId' | 'ip'
  readonly known: readonly string[]
  readonly onChange: (name: string) => void
}

/** Offers the client ids, or addresses, of connected clients. */
function OfClients({ part, known, ...field }: OfClientsProps) {
  const { value: clients } = useFeed('clients', undefined)
  const connected = (clients ?? []).map(({ clientId, address }) =>
    part === 'clientId' ? clientId : address.replace(/:\d+$/, ''),
  )
  return <Suggested {...field} options={unique([...connected, ...known])} />
}

function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names)].filter((name) => name !== '').sort()
}
