import { useState } from 'react'
import { type QuotaLimit, type QuotaLine, quotaLimits, type SecurityView } from '../../../src-main/contract/security'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Choice, Field, Labelled } from '../../parts/Field'
import { Table } from '../../parts/Table'
import { attempt } from '../../stores/notices'
import { undoable } from './deeds'
import css from './security.module.css'

const kinds = {
  user: 'User',
  clientId: 'Client id',
  both: 'User and client id',
  ip: 'Address',
} as const
type Kind = keyof typeof kinds

/** What each limit counts. */
const units: Readonly<Record<QuotaLimit, string>> = {
  producer_byte_rate: 'bytes/s',
  consumer_byte_rate: 'bytes/s',
  request_percentage: '% of a thread',
  controller_mutation_rate: 'partitions/s',
  connection_creation_rate: 'connections/s',
}

/** As the contract wants it: an empty name is all that have no quota of their own, `null` does not count. */
function whomOf(line: QuotaLine): { user: string | null; clientId: string | null; ip: string | null } {
  const written = (name: string | null | undefined) => (name === undefined ? null : (name ?? ''))
  return { user: written(line.user), clientId: written(line.clientId), ip: written(line.ip) }
}

/** How much clients may do; who does more is made to pause. */
export function Quotas({ view }: { readonly view: SecurityView }) {
  const [kind, setKind] = useState<Kind>('user')
  const [user, setUser] = useState('')
  const [clientId, setClientId] = useState('')
  const [ip, setIp] = useState('')
  const [limit, setLimit] = useState<QuotaLimit>('producer_byte_rate')
  const [value, setValue] = useState('1000000')
  const limits = quotaLimits.filter((known) => (known === 'connection_creation_rate') === (kind === 'ip'))
  const chosen = limits.includes(limit) ? limit : (limits[0] ?? limit)
  const whom = {
    user: kind === 'user' || kind === 'both' ? user : null,
    clientId: kind === 'clientId' || kind === 'both' ? clientId : null,
    ip: kind === 'ip' ? ip : null,
  }
  const add = () =>
    attempt(() => ask('security.quota', { ...whom, limit: chosen, value: Number(value) }), 'The quota holds.')
  const remove = (line: QuotaLine) =>
    undoable(
      () => ask('security.unquota', whomOf(line)),
      'The quota is removed.',
      async () => {
        for (const known of quotaLimits) {
          const before = line.values[known]
          if (before !== undefined) await ask('security.quota', { ...whomOf(line), limit: known, value: before })
        }
      },
    )
  return (
    <>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          void add()
        }}
      >
        <Labelled label="Whom">
          <Choice value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
            {Object.entries(kinds).map(([id, title]) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </Choice>
        </Labelled>
        {whom.user !== null && <Name label="User" value={user} onChange={setUser} />}
        {whom.clientId !== null && <Name label="Client id" value={clientId} onChange={setClientId} />}
        {whom.ip !== null && <Name label="Address" value={ip} onChange={setIp} />}
        <Labelled label="Limit">
          <Choice value={chosen} onChange={(event) => setLimit(event.target.value as QuotaLimit)}>
            {limits.map((known) => (
              <option key={known}>{known}</option>
            ))}
          </Choice>
        </Labelled>
        <Labelled label={`Value, ${units[chosen]}`}>
          <Field type="number" min={0} step="any" value={value} onChange={(event) => setValue(event.target.value)} />
        </Labelled>
        <Button look="primary" type="submit" disabled={!(Number(value) > 0)}>
          Set quota
        </Button>
      </form>
      <Table
        label="Quotas"
        rows={view.quotas}
        rowKey={({ user: name, clientId: id, ip: address }) => JSON.stringify([name, id, address])}
        columns={[
          { id: 'user', title: 'User', width: 'minmax(110px, 1fr)', cell: ({ user: name }) => <Whom name={name} /> },
          {
            id: 'client',
            title: 'Client id',
            width: 'minmax(110px, 1fr)',
            cell: ({ clientId: id }) => <Whom name={id} />,
          },
          {
            id: 'ip',
            title: 'Address',
            width: 'minmax(110px, 1fr)',
            cell: ({ ip: address }) => <Whom name={address} />,
          },
          {
            id: 'values',
            title: 'Limits',
            width: 'minmax(260px, 3fr)',
            cell: ({ values }) =>
              Object.entries(values)
                .map(([key, amount]) => `${key} ${amount.toLocaleString('en-US')} ${units[key as QuotaLimit] ?? ''}`)
                .join(' · '),
          },
          {
            id: 'remove',
            title: 'Remove',
            isTitleHidden: true,
            width: '90px',
            cell: (line) => (
              <Button look="plain" onClick={() => remove(line)}>
                Remove
              </Button>
            ),
          },
        ]}
        empty={<Empty>There are no quotas: everybody may do as much as it can.</Empty>}
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
      <Field placeholder="all without one" value={value} onChange={(event) => onChange(event.target.value)} />
    </Labelled>
  )
}

function Whom({ name }: { readonly name: string | null | undefined }) {
  if (name === undefined) return <span className="quiet">–</span>
  return name === null ? <em>all without one</em> : name
}
