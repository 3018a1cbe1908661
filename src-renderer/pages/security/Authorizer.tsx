import { useState } from 'react'
import type { AuthorizerView, SecurityView } from '../../../src-main/contract/security'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Choice, Field, Labelled } from '../../parts/Field'
import { attempt } from '../../stores/notices'
import css from './security.module.css'

function rulesOf(count: number): string {
  return count === 0
    ? 'nothing but what super users may: there are no rules yet'
    : count === 1
      ? 'what the one rule allows'
      : `what one of ${count} rules allows`
}

function told({ on, everyoneWithoutRule, superUsers }: AuthorizerView): string {
  if (!on) return 'Everybody may do everything.'
  const others = everyoneWithoutRule ? 'What no rule speaks of is free for all.' : 'What no rule allows is refused.'
  return superUsers.length > 0 ? `${others} No rule holds for ${superUsers.join(', ')}.` : others
}

/** Whether rules are held against requests, and for whom not. Changes count at once. */
export function Authorizer({ view }: { readonly view: SecurityView }) {
  const { authorizer, acls } = view
  const [isOpen, setOpen] = useState(false)
  return (
    <section className={css.authorizer} aria-label="Authorizer">
      <div className={css.state}>
        <strong>{authorizer.on ? 'Rules count' : 'Rules do not count'}</strong>
        <span className="quiet">{authorizer.fixed ? `${told(authorizer)} ${authorizer.fixed}` : told(authorizer)}</span>
      </div>
      {!authorizer.fixed && (
        <Button look={authorizer.on || acls.length === 0 ? undefined : 'primary'} onClick={() => setOpen(true)}>
          {authorizer.on ? 'Change' : 'Let rules count'}
        </Button>
      )}
      {isOpen && <Change view={view} onClose={() => setOpen(false)} />}
    </section>
  )
}

function Change({ view, onClose }: { readonly view: SecurityView; readonly onClose: () => void }) {
  const { authorizer, acls } = view
  const [superUsers, setSuperUsers] = useState(authorizer.superUsers.join('; '))
  const [everyone, setEveryone] = useState(authorizer.everyoneWithoutRule)
  const set = async (on: boolean) => {
    const users = superUsers
      .split(';')
      .map((user) => user.trim())
      .filter((user) => user !== '')
    const input = { on, superUsers: users, everyoneWithoutRule: everyone }
    if (await attempt(() => ask('security.authorizer', input), on ? 'Rules count.' : 'Rules do not count.')) onClose()
  }
  return (
    <Dialog
      title={authorizer.on ? 'Who is held to rules' : 'Let rules count?'}
      description={`From now on clients may do ${rulesOf(acls.length)}. This counts at once, for open connections too.`}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          {authorizer.on && (
            <Button look="danger" onClick={() => set(false)}>
              Let everybody do everything
            </Button>
          )}
          <Button look="primary" onClick={() => set(true)}>
            {authorizer.on ? 'Save' : 'Let rules count'}
          </Button>
        </>
      }
    >
      <Labelled label="Super users, for whom no rule holds">
        <Field
          placeholder="User:admin; User:ops"
          value={superUsers}
          onChange={(event) => setSuperUsers(event.target.value)}
        />
      </Labelled>
      <Labelled label="What no rule speaks of">
        <Choice value={String(everyone)} onChange={(event) => setEveryone(event.target.value === 'true')}>
          <option value="false">is refused</option>
          <option value="true">is free for all</option>
        </Choice>
      </Labelled>
    </Dialog>
  )
}
