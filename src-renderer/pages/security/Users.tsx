import { useState } from 'react'
import type { SecurityView } from '../../../src-main/contract/security'
import { Button } from '../../parts/Button'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Problem } from '../../parts/Dialog'
import { Empty } from '../../parts/Empty'
import { Choice, Field, Labelled } from '../../parts/Field'
import { type Column, Table } from '../../parts/Table'
import { useFormAction } from '../../parts/useFormAction'
import { change, useCan } from '../../stores/can'
import { useDraft } from '../../stores/drafts'
import { notify } from '../../stores/notices'
import page from '../pages.module.css'
import { Changeable } from './Changeable'
import css from './security.module.css'
import { texts } from './texts'

type User = SecurityView['users'][number]
const mechanisms = ['SCRAM-SHA-512', 'SCRAM-SHA-256'] as const
type Mechanism = (typeof mechanisms)[number]

const plainColumn: Column<User> = {
  id: 'plain',
  title: texts.users.columns.plain,
  width: 'minmax(220px, 2fr)',
  cell: ({ plain }) => (plain.length > 0 ? texts.users.plainIn(plain) : <span className="quiet">–</span>),
}

/** Deletes the credentials of a user for each mechanism. */
async function removeAll(user: string, known: readonly Mechanism[]): Promise<void> {
  for (const mechanism of known) await change('security.user', { user, mechanism, password: null })
  notify({ kind: 'done', text: texts.users.removed(user) })
}

/** SCRAM users, which are stored in the workspace, and PLAIN users of the listeners' configuration. */
export function Users({ view }: { readonly view: SecurityView }) {
  // A password is not kept.
  const [user, setUser] = useDraft('security user', '')
  const [password, setPassword] = useState('')
  const [mechanism, setMechanism] = useState<Mechanism>('SCRAM-SHA-512')
  const [removing, setRemoving] = useState<User | null>(null)
  const hasPlain = useCan('security.listener.add') === true
  const form = useFormAction()
  const isKnown = view.users.some(({ name, mechanisms: known }) => name === user && known.includes(mechanism))
  const save = async () => {
    if (!(await form.run(() => change('security.user', { user, mechanism, password })))) return
    const text = isKnown ? texts.users.changed(user, mechanism) : texts.users.added(user, mechanism)
    notify({ kind: 'done', text })
    setPassword('')
  }
  const remove = ({ name, mechanisms: known }: User) =>
    removeAll(
      name,
      mechanisms.filter((each) => known.includes(each)),
    )
  return (
    <>
      <Changeable needs="security.user" problem={view.problems.users}>
        <form
          className={css.form}
          onSubmit={(event) => {
            event.preventDefault()
            void save()
          }}
        >
          <Labelled label={texts.users.user}>
            <Field value={user} onChange={(event) => setUser(event.target.value)} />
          </Labelled>
          <Labelled label={texts.users.password}>
            <Field type="password" value={password} onChange={(event) => setPassword(event.target.value)} />
          </Labelled>
          <Labelled label={texts.users.mechanism}>
            <Choice value={mechanism} onChange={(event) => setMechanism(event.target.value as Mechanism)}>
              {mechanisms.map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Choice>
          </Labelled>
          <Button look="primary" type="submit" needs="security.user" disabled={user.trim() === '' || password === ''}>
            {isKnown ? texts.users.change : texts.users.add}
          </Button>
        </form>
        {form.problem !== null && (
          <div className={page.bar}>
            <Problem text={form.problem} />
          </div>
        )}
      </Changeable>
      <Table
        label={texts.users.title}
        list="users"
        rows={view.users}
        rowKey={({ name }) => name}
        columns={[
          {
            id: 'name',
            title: texts.users.columns.user,
            width: 'minmax(140px, 2fr)',
            cell: ({ name }) => name,
            sort: ({ name }) => name,
          },
          {
            id: 'mechanisms',
            title: texts.users.columns.scram,
            width: 'minmax(180px, 1fr)',
            cell: ({ mechanisms: known }) => known.join(', ') || <span className="quiet">–</span>,
          },
          // A cluster elsewhere does not tell the users of its listeners' configuration.
          ...(hasPlain ? [plainColumn] : []),
          {
            id: 'remove',
            title: texts.users.columns.remove,
            isTitleHidden: true,
            width: '90px',
            cell: (line) =>
              line.mechanisms.length > 0 && (
                <Button look="plain" needs="security.user" onClick={() => setRemoving(line)}>
                  {texts.remove}
                </Button>
              ),
          },
        ]}
        empty={<Empty>{view.problems.users ?? texts.users.empty}</Empty>}
      />
      {removing && (
        <ConfirmDialog
          title={texts.users.removeTitle(removing.name)}
          description={texts.users.removeText(removing.mechanisms)}
          action={texts.users.removeAction}
          needs="security.user"
          typed={removing.name}
          onConfirm={() => remove(removing)}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  )
}
