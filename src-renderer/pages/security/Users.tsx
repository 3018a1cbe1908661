import { useState } from 'react'
import type { SecurityView } from '../../../src-main/contract/security'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Choice, Field } from '../../parts/Field'
import { Table } from '../../parts/Table'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'

type Mechanism = 'SCRAM-SHA-256' | 'SCRAM-SHA-512'

/** Users with a password of SCRAM. PLAIN's users stand in a config of the start, and are not shown. */
export function Users({ view }: { readonly view: SecurityView }) {
  const [user, setUser] = useState('')
  const [password, setPassword] = useState('')
  const [mechanism, setMechanism] = useState<Mechanism>('SCRAM-SHA-512')
  const save = async () => {
    const done = await attempt(
      () => ask('security.user', { user, mechanism, password }),
      `${user} can come in with ${mechanism}.`,
    )
    if (done) setPassword('')
  }
  const remove = (name: string, mechanisms: readonly string[]) =>
    attempt(async () => {
      for (const each of mechanisms) {
        await ask('security.user', { user: name, mechanism: each as Mechanism, password: null })
      }
    }, `${name} is removed.`)
  return (
    <>
      <form
        className={page.bar}
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <Field aria-label="User" placeholder="user" value={user} onChange={(event) => setUser(event.target.value)} />
        <Field
          aria-label="Password"
          type="password"
          placeholder="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        <Choice
          aria-label="Mechanism"
          value={mechanism}
          onChange={(event) => setMechanism(event.target.value as Mechanism)}
        >
          <option>SCRAM-SHA-512</option>
          <option>SCRAM-SHA-256</option>
        </Choice>
        <Button look="primary" type="submit">
          Set password
        </Button>
        <span className="quiet">Mechanisms that listeners take: {view.mechanisms.join(', ')}</span>
      </form>
      <Table
        label="Users"
        rows={view.users}
        rowKey={({ name }) => name}
        columns={[
          { id: 'name', title: 'User', width: '1fr', cell: ({ name }) => name, sort: ({ name }) => name },
          { id: 'mechanisms', title: 'Mechanisms', width: '2fr', cell: ({ mechanisms }) => mechanisms.join(', ') },
          {
            id: 'remove',
            title: 'Remove',
            isTitleHidden: true,
            width: '90px',
            cell: ({ name, mechanisms }) => (
              <Button look="plain" className="danger" onClick={() => remove(name, mechanisms)}>
                Remove
              </Button>
            ),
          },
        ]}
        empty={
          <Empty>
            There are no users. A listener that asks for one is opened with --listener sasl_plaintext://127.0.0.1:9094.
          </Empty>
        }
      />
    </>
  )
}
