import { useState } from 'react'
import type { AuthorizerView, SecurityView } from '../../../src-main/contract/security'
import { Button } from '../../parts/Button'
import { Dialog } from '../../parts/Dialog'
import { Choice, Field, Labelled } from '../../parts/Field'
import { useFormAction } from '../../parts/useFormAction'
import { change } from '../../stores/can'
import { useFeed } from '../../stores/feed'
import { notify } from '../../stores/notices'
import { shared } from '../../texts'
import { aclText } from './acl-draft'
import { lockedOut } from './locked-out'
import css from './security.module.css'
import { texts } from './texts'

function summaryOf({ on, everyoneWithoutRule, superUsers, fixed }: AuthorizerView): string {
  if (!on) return `${texts.authorizer.offText} ${fixed ?? ''}`
  const others = everyoneWithoutRule ? texts.authorizer.open : texts.authorizer.closed
  return `${others}${superUsers.length > 0 ? texts.authorizer.superUsers(superUsers) : ''} ${fixed ?? ''}`
}

interface Props {
  readonly authorizer: AuthorizerView
  readonly view: SecurityView
}

/** Whether ACLs are enforced, and for whom they are not. */
export function Authorizer({ authorizer, view }: Props) {
  const { acls } = view
  const [isOpen, setOpen] = useState(false)
  return (
    <section className={css.authorizer} aria-label={texts.authorizer.title}>
      <div className={css.state}>
        <strong>{authorizer.on ? texts.authorizer.on : texts.authorizer.off}</strong>
        <span className="quiet">{summaryOf(authorizer)}</span>
      </div>
      {!authorizer.fixed && (
        <Button
          look={authorizer.on || acls.length === 0 ? undefined : 'primary'}
          needs="security.authorizer"
          onClick={() => setOpen(true)}
        >
          {authorizer.on ? texts.authorizer.change : texts.authorizer.enforce}
        </Button>
      )}
      {isOpen && <Change authorizer={authorizer} view={view} onClose={() => setOpen(false)} />}
    </section>
  )
}

function Change({ authorizer, view, onClose }: Props & { readonly onClose: () => void }) {
  const { acls } = view
  const before = authorizer.superUsers.join('; ')
  const [superUsers, setSuperUsers] = useState(before)
  const [everyone, setEveryone] = useState(authorizer.everyoneWithoutRule)
  const form = useFormAction()
  const users = superUsers
    .split(';')
    .map((user) => user.trim())
    .filter((user) => user !== '')
  const set = async (on: boolean) => {
    const input = { on, superUsers: users, everyoneWithoutRule: everyone }
    if (!(await form.run(() => change('security.authorizer', input)))) return
    notify({ kind: 'done', text: on ? texts.authorizer.enforced : texts.authorizer.stopped })
    onClose()
  }
  return (
    <Dialog
      title={authorizer.on ? texts.authorizer.changeTitle : texts.authorizer.enforceTitle}
      description={texts.authorizer.enforceText(acls.length)}
      hasDraft={superUsers !== before}
      problem={form.problem}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{shared.cancel}</Button>
          {authorizer.on && (
            <Button look="danger" needs="security.authorizer" disabled={form.isBusy} onClick={() => void set(false)}>
              {texts.authorizer.stopAction}
            </Button>
          )}
          <Button look="primary" needs="security.authorizer" disabled={form.isBusy} onClick={() => void set(true)}>
            {authorizer.on ? shared.save : texts.authorizer.enforceAction}
          </Button>
        </>
      }
    >
      <Labelled label={texts.authorizer.superUsersLabel}>
        <Field
          placeholder="User:admin; User:ops"
          value={superUsers}
          onChange={(event) => setSuperUsers(event.target.value)}
        />
      </Labelled>
      <Labelled label={texts.authorizer.othersLabel}>
        <Choice value={String(everyone)} onChange={(event) => setEveryone(event.target.value === 'true')}>
          <option value="false">{texts.authorizer.othersDenied}</option>
          <option value="true">{texts.authorizer.othersOpen}</option>
        </Choice>
      </Labelled>
      <LockedOut view={view} superUsers={users} everyone={everyone} />
    </Dialog>
  )
}

const shownDenied = 3

/** Connected principals that could not do what they do now. */
function LockedOut({ view, superUsers, everyone }: LockedOutProps) {
  const { value: clients } = useFeed('clients', undefined)
  const found = lockedOut(clients ?? [], { acls: view.acls, superUsers, everyoneWithoutRule: everyone })
  if (found.length === 0) return <p className="quiet">{texts.authorizer.nobodyLockedOut}</p>
  return (
    <div role="status">
      <p>{texts.authorizer.lockedOut}</p>
      <ul className={css.lockedOut}>
        {found.map(({ principal, clients: count, denied }) => (
          <li key={principal} title={denied.map(aclText).join('\n')}>
            {texts.authorizer.lockedOutLine(
              principal,
              count,
              denied.slice(0, shownDenied).map(aclText),
              Math.max(0, denied.length - shownDenied),
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}

interface LockedOutProps {
  readonly view: SecurityView
  readonly superUsers: readonly string[]
  readonly everyone: boolean
}
