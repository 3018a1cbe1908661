import { useState } from 'react'
import { type QuotaLimit, type QuotaLine, quotaLimits, type SecurityView } from '../../../src-main/contract/security'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { Empty } from '../../parts/Empty'
import { Choice, Field, Labelled } from '../../parts/Field'
import { Table } from '../../parts/Table'
import { useFormAction } from '../../parts/useFormAction'
import { useCan } from '../../stores/can'
import { notify } from '../../stores/notices'
import page from '../pages.module.css'
import { Changeable } from './Changeable'
import css from './security.module.css'
import { texts } from './texts'
import { undoable } from './undoable'

type Entity = keyof typeof texts.quotas.entities
const { units } = texts.quotas

/** The entity of a quota in the contract's form: an empty name is the default of its kind, `null` means that the kind is not part of it. */
function entityOf(line: QuotaLine): { user: string | null; clientId: string | null; ip: string | null } {
  const written = (name: string | null | undefined) => (name === undefined ? null : (name ?? ''))
  return { user: written(line.user), clientId: written(line.clientId), ip: written(line.ip) }
}

/** Quotas: clients that exceed one are throttled. */
export function Quotas({ view }: { readonly view: SecurityView }) {
  const [kind, setKind] = useState<Entity>('user')
  const [user, setUser] = useState('')
  const [clientId, setClientId] = useState('')
  const [ip, setIp] = useState('')
  const [limit, setLimit] = useState<QuotaLimit>('producer_byte_rate')
  const [value, setValue] = useState('1000000')
  const limits = quotaLimits.filter((known) => (known === 'connection_creation_rate') === (kind === 'ip'))
  const chosen = limits.includes(limit) ? limit : (limits[0] ?? limit)
  const entity = {
    user: kind === 'user' || kind === 'both' ? user : null,
    clientId: kind === 'clientId' || kind === 'both' ? clientId : null,
    ip: kind === 'ip' ? ip : null,
  }
  const form = useFormAction()
  const mayChange = useCan('security.quota') === true
  const add = async () => {
    const quota = { ...entity, limit: chosen, value: Number(value) }
    if (await form.run(() => ask('security.quota', quota))) notify({ kind: 'done', text: texts.quotas.isSet })
  }
  const remove = (line: QuotaLine) =>
    undoable(
      () => ask('security.unquota', entityOf(line)),
      texts.quotas.removed,
      async () => {
        for (const known of quotaLimits) {
          const before = line.values[known]
          if (before !== undefined) await ask('security.quota', { ...entityOf(line), limit: known, value: before })
        }
      },
    )
  return (
    <>
      <Changeable name="security.quota" problem={view.problems.quotas}>
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault()
            void add()
          }}
        >
          <Labelled label={texts.quotas.entity}>
            <Choice value={kind} onChange={(event) => setKind(event.target.value as Entity)}>
              {Object.entries(texts.quotas.entities).map(([id, title]) => (
                <option key={id} value={id}>
                  {title}
                </option>
              ))}
            </Choice>
          </Labelled>
          {entity.user !== null && <Name label={texts.quotas.user} value={user} onChange={setUser} />}
          {entity.clientId !== null && <Name label={texts.quotas.clientId} value={clientId} onChange={setClientId} />}
          {entity.ip !== null && <Name label={texts.quotas.ip} value={ip} onChange={setIp} />}
          <Labelled label={texts.quotas.limit}>
            <Choice value={chosen} onChange={(event) => setLimit(event.target.value as QuotaLimit)}>
              {limits.map((known) => (
                <option key={known}>{known}</option>
              ))}
            </Choice>
          </Labelled>
          <Labelled label={texts.quotas.value(units[chosen])}>
            <Field type="number" min={0} step="any" value={value} onChange={(event) => setValue(event.target.value)} />
          </Labelled>
          <Button look="primary" type="submit" disabled={!(Number(value) > 0)}>
            {texts.quotas.set}
          </Button>
        </form>
        {form.problem !== null && (
          <div className={page.bar}>
            <Problem text={form.problem} />
          </div>
        )}
      </Changeable>
      <Table
        label={texts.quotas.title}
        rows={view.quotas}
        rowKey={({ user: name, clientId: id, ip: address }) => JSON.stringify([name, id, address])}
        columns={[
          {
            id: 'user',
            title: texts.quotas.user,
            width: 'minmax(110px, 1fr)',
            cell: ({ user: name }) => <EntityName name={name} />,
          },
          {
            id: 'client',
            title: texts.quotas.clientId,
            width: 'minmax(110px, 1fr)',
            cell: ({ clientId: id }) => <EntityName name={id} />,
          },
          {
            id: 'ip',
            title: texts.quotas.ip,
            width: 'minmax(110px, 1fr)',
            cell: ({ ip: address }) => <EntityName name={address} />,
          },
          {
            id: 'values',
            title: texts.quotas.limits,
            width: 'minmax(260px, 3fr)',
            cell: ({ values }) =>
              Object.entries(values)
                .map(([key, amount]) => `${key} ${amount.toLocaleString('en-US')} ${units[key as QuotaLimit] ?? ''}`)
                .join(' · '),
          },
          {
            id: 'remove',
            title: texts.remove,
            isTitleHidden: true,
            width: '90px',
            cell: (line) =>
              mayChange && (
                <Button look="plain" onClick={() => remove(line)}>
                  {texts.remove}
                </Button>
              ),
          },
        ]}
        empty={<Empty>{view.problems.quotas ?? texts.quotas.empty}</Empty>}
      />
    </>
  )
}

interface NameProps {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
}

function Name({ label, value, onChange }: NameProps) {
  return (
    <Labelled label={label}>
      <Field placeholder={texts.quotas.default} value={value} onChange={(event) => onChange(event.target.value)} />
    </Labelled>
  )
}

function EntityName({ name }: { readonly name: string | null | undefined }) {
  if (name === undefined) return <span className="quiet">–</span>
  return name === null ? <em>{texts.quotas.default}</em> : name
}
