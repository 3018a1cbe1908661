import { useState } from 'react'
import { type QuotaLimit, type QuotaLine, quotaLimits, type SecurityView } from '../../../src-main/contract/security'
import { Button } from '../../parts/Button'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Problem } from '../../parts/Dialog'
import { Empty } from '../../parts/Empty'
import { Choice, Field, Labelled } from '../../parts/Field'
import { Table } from '../../parts/Table'
import { useFormAction } from '../../parts/useFormAction'
import { change } from '../../stores/can'
import { useDraft } from '../../stores/drafts'
import { useFeed } from '../../stores/feed'
import { attempt, notify, notifyUndoable } from '../../stores/notices'
import { shared } from '../../texts'
import page from '../pages.module.css'
import { Changeable } from './Changeable'
import css from './security.module.css'
import { texts } from './texts'

type Entity = keyof typeof texts.quotas.entities
const { units } = texts.quotas

/** The entity of a quota in the contract's form: an empty name is the default of its kind, `null` means that the kind is not part of it. */
function entityOf(line: QuotaLine): { user: string | null; clientId: string | null; ip: string | null } {
  const written = (name: string | null | undefined) => (name === undefined ? null : (name ?? ''))
  return { user: written(line.user), clientId: written(line.clientId), ip: written(line.ip) }
}

async function remove(line: QuotaLine): Promise<void> {
  await change('security.unquota', entityOf(line))
  notifyUndoable(texts.quotas.removed, async () => {
    for (const known of quotaLimits) {
      const before = line.values[known]
      if (before !== undefined) await change('security.quota', { ...entityOf(line), limit: known, value: before })
    }
  })
}

/** `alice, billing`: whom a quota is for. */
function nameOf({ user, clientId, ip }: QuotaLine): string {
  return [user, clientId, ip].flatMap((name) => (name === undefined ? [] : (name ?? texts.quotas.default))).join(', ')
}

function limitsText({ values }: QuotaLine): string {
  return Object.entries(values)
    .map(([key, amount]) => `${key} ${amount.toLocaleString('en-US')} ${units[key as QuotaLimit] ?? ''}`)
    .join(' · ')
}

/** Quotas: clients that exceed one are throttled. */
export function Quotas({ view }: { readonly view: SecurityView }) {
  const [kind, setKind] = useDraft<Entity>('security quota kind', 'user')
  const [user, setUser] = useDraft('security quota user', '')
  const [clientId, setClientId] = useDraft('security quota client id', '')
  const [ip, setIp] = useDraft('security quota ip', '')
  const [limit, setLimit] = useDraft<QuotaLimit>('security quota limit', 'producer_byte_rate')
  const [value, setValue] = useDraft('security quota value', '1000000')
  const limits = quotaLimits.filter((known) => (known === 'connection_creation_rate') === (kind === 'ip'))
  const chosen = limits.includes(limit) ? limit : (limits[0] ?? limit)
  const entity = {
    user: kind === 'user' || kind === 'both' ? user : null,
    clientId: kind === 'clientId' || kind === 'both' ? clientId : null,
    ip: kind === 'ip' ? ip : null,
  }
  const form = useFormAction()
  const [removing, setRemoving] = useState<QuotaLine | null>(null)
  const isElsewhere = useFeed('workspace', undefined).value?.cluster != null
  const add = async () => {
    const quota = { ...entity, limit: chosen, value: Number(value) }
    if (await form.run(() => change('security.quota', quota))) notify({ kind: 'done', text: texts.quotas.isSet })
  }
  // It can be undone; but on a cluster elsewhere others are throttled, or not, at once.
  const onRemove = (line: QuotaLine) => (isElsewhere ? setRemoving(line) : void attempt(() => remove(line)))
  return (
    <>
      <Changeable needs="security.quota" problem={view.problems.quotas}>
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
          <Button look="primary" type="submit" needs="security.quota" disabled={!(Number(value) > 0)}>
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
            cell: limitsText,
          },
          {
            id: 'remove',
            title: texts.remove,
            isTitleHidden: true,
            width: '90px',
            cell: (line) => (
              <Button look="plain" needs={['security.unquota', 'security.quota']} onClick={() => onRemove(line)}>
                {texts.remove}
              </Button>
            ),
          },
        ]}
        empty={<Empty>{view.problems.quotas ?? texts.quotas.empty}</Empty>}
      />
      {removing && (
        <ConfirmDialog
          title={texts.quotas.removeTitle(nameOf(removing))}
          description={texts.quotas.removeText(limitsText(removing))}
          action={shared.remove}
          needs="security.unquota"
          typed={nameOf(removing)}
          onConfirm={() => remove(removing)}
          onClose={() => setRemoving(null)}
        />
      )}
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
