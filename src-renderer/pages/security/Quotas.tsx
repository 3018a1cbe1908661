import { useState } from 'react'
import { type QuotaLine, quotaLimits, type SecurityView } from '../../../src-main/contract/security'
import { integer } from '../../format/numbers'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Choice, Field } from '../../parts/Field'
import { Table } from '../../parts/Table'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'

type Limit = (typeof quotaLimits)[number]

/** How much clients may do; who does more is made to pause. */
export function Quotas({ view }: { readonly view: SecurityView }) {
  const [by, setBy] = useState<'user' | 'clientId'>('user')
  const [name, setName] = useState('')
  const [limit, setLimit] = useState<Limit>('producer_byte_rate')
  const [value, setValue] = useState('1000000')
  const entity = { user: by === 'user' ? name : null, clientId: by === 'clientId' ? name : null }
  const add = () =>
    attempt(() => ask('security.quota', { ...entity, limit, value: Math.trunc(Number(value)) }), 'The quota holds.')
  const remove = (line: QuotaLine) =>
    attempt(async () => {
      const told = {
        user: line.user === undefined ? null : (line.user ?? ''),
        clientId: line.clientId === undefined ? null : (line.clientId ?? ''),
      }
      for (const known of quotaLimits)
        if (known in line.values) await ask('security.quota', { ...told, limit: known, value: null })
    }, 'The quota is removed.')
  return (
    <>
      <div className={page.bar}>
        <Choice
          aria-label="Whom"
          value={by}
          onChange={(event) => setBy(event.target.value === 'user' ? 'user' : 'clientId')}
        >
          <option value="user">User</option>
          <option value="clientId">Client id</option>
        </Choice>
        <Field
          aria-label="Name"
          placeholder="all without one"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <Choice aria-label="Limit" value={limit} onChange={(event) => setLimit(event.target.value as Limit)}>
          {quotaLimits.map((known) => (
            <option key={known}>{known}</option>
          ))}
        </Choice>
        <Field
          aria-label="Value"
          type="number"
          min={1}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
        <Button look="primary" onClick={add}>
          Set quota
        </Button>
      </div>
      <Table
        label="Quotas"
        rows={view.quotas}
        rowKey={({ user, clientId, ip }) => JSON.stringify([user, clientId, ip])}
        columns={[
          { id: 'user', title: 'User', width: '1fr', cell: ({ user }) => (user === null ? 'all others' : user) },
          {
            id: 'client',
            title: 'Client id',
            width: '1fr',
            cell: ({ clientId }) => (clientId === null ? 'all others' : clientId),
          },
          {
            id: 'values',
            title: 'Limits',
            width: '3fr',
            cell: ({ values }) =>
              Object.entries(values)
                .map(([key, amount]) => `${key} ${integer(amount)}`)
                .join(', '),
          },
          {
            id: 'remove',
            title: 'Remove',
            isTitleHidden: true,
            width: '90px',
            cell: (line) => (
              <Button look="plain" className="danger" onClick={() => remove(line)}>
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
