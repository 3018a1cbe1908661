import { useState } from 'react'
import type { SecurityView } from '../../../src-main/contract/security'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Choice, Field, Labelled } from '../../parts/Field'
import { Table } from '../../parts/Table'
import { attempt } from '../../stores/notices'
import { Removal } from './Removal'
import css from './security.module.css'

type User = SecurityView['users'][number]
const mechanisms = ['SCRAM-SHA-512', 'SCRAM-SHA-256'] as const
type Mechanism = (typeof mechanisms)[number]

/** Users of SCRAM, who are kept here, and those of PLAIN, who stand in the configuration of the start. */
export function Users({ view }: { readonly view: SecurityView }) {
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const [mechanism, setMechanism] = useState<Mechanism>('SCRAM-SHA-512')
  const [doomed, setDoomed] = useState<User | null>(null)
  const isKnown = view.users.some(({ name, mechanisms: known }) => name === user && known.includes(mechanism))
  const save = async () => {
    const done = await attempt(
      () => ask('security.user', { user, mechanism, password }),
      isKnown ? `${user} has a new password for ${mechanism}.` : `${user} can come in with ${mechanism}.`,
    )
    if (done) setPassword('')
  }
  const remove = ({ name, mechanisms: known }: User) =>
    attempt(async () => {
      for (const each of mechanisms) {
        if (known.includes(each)) await ask('security.user', { user: name, mechanism: each, password: null })
      }
    }, `${name} is removed.`)
  return (
    <>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <Labelled label="User">
          <Field value={user} onChange={(event) => setUser(event.target.value)} />
        </Labelled>
        <Labelled label="Password">
          <Field type="password" value={password} onChange={(event) => setPassword(event.target.value)} />
        </Labelled>
        <Labelled label="Mechanism">
          <Choice value={mechanism} onChange={(event) => setMechanism(event.target.value as Mechanism)}>
            {mechanisms.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Choice>
        </Labelled>
        <Button look="primary" type="submit" disabled={user.trim() === '' || password === ''}>
          {isKnown ? 'Change password' : 'Add user'}
        </Button>
      </form>
      <Table
        label="Users"
        rows={view.users}
        rowKey={({ name }) => name}
        columns={[
          {
            id: 'name',
            title: 'User',
            width: 'minmax(140px, 1fr)',
            cell: ({ name }) => name,
            sort: ({ name }) => name,
          },
          {
            id: 'mechanisms',
            title: 'SCRAM',
            width: 'minmax(180px, 1fr)',
            cell: ({ mechanisms: known }) => known.join(', ') || <span className="quiet">–</span>,
          },
          {
            id: 'plain',
            title: 'PLAIN',
            width: 'minmax(220px, 2fr)',
            cell: ({ plain }) =>
              plain.length > 0 ? `in the configuration of ${plain.join(', ')}` : <span className="quiet">–</span>,
          },
          {
            id: 'remove',
            title: 'Remove',
            isTitleHidden: true,
            width: '90px',
            cell: (line) =>
              line.mechanisms.length > 0 && (
                <Button look="plain" onClick={() => setDoomed(line)}>
                  Remove
                </Button>
              ),
          },
        ]}
        empty={<Empty>There are no users. A listener with SASL asks for one.</Empty>}
      />
      {doomed && (
        <Removal
          title={`Remove ${doomed.name}?`}
          description={`Its ${doomed.mechanisms.length > 1 ? 'passwords' : 'password'} for ${doomed.mechanisms.join(' and ')} cannot be brought back. Connections that are open stay.`}
          deed="Remove user"
          onConfirm={() => remove(doomed)}
          onClose={() => setDoomed(null)}
        />
      )}
    </>
  )
}
