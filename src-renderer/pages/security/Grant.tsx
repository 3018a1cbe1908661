import type { SecurityView } from '../../../src-main/contract/security'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { Choice, Field, Labelled } from '../../parts/Field'
import { Suggested } from '../../parts/Suggested'
import { useFormAction } from '../../parts/useFormAction'
import { change } from '../../stores/can'
import { useDraft } from '../../stores/drafts'
import { useFeed } from '../../stores/feed'
import { notifyUndoable } from '../../stores/notices'
import { setQuery } from '../../stores/route'
import { aclsOf, aclText, emptyGrant, type GrantDraft, isComplete, isUnfinishedPrincipal, type Task } from './acl-draft'
import css from './security.module.css'
import { texts } from './texts'

/** Grants what a client needs for a task, with all ACLs at once: "let bob consume orders as billing". */
export function Grant({ view, given }: { readonly view: SecurityView; readonly given: GrantDraft | null }) {
  const [draft, setDraft] = useDraft(given ? null : 'security grant', given ?? emptyGrant)
  const form = useFormAction()
  const edit = (fields: Partial<GrantDraft>) => setDraft({ ...draft, ...fields })
  const acls = isComplete(draft) ? aclsOf(draft) : []
  const { value: topics } = useFeed('topics.names', undefined)
  const { value: groups } = useFeed('groups.names', undefined)
  const grant = async () => {
    const added = await form.run(async () => {
      for (const acl of acls) await change('security.acl', { acl, remove: false })
    })
    if (!added) return
    setDraft({ ...emptyGrant, principal: draft.principal })
    setQuery('')
    const undo = async () => {
      for (const acl of acls) await change('security.acl', { acl, remove: true })
    }
    notifyUndoable(texts.acls.granted(draft.principal, acls.map(aclText)), undo)
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        if (acls.length > 0) void grant()
      }}
    >
      <div className={css.form}>
        <Suggested
          label={texts.acls.principal}
          value={draft.principal}
          options={view.users.map(({ name }) => `User:${name}`)}
          onChange={(principal) => edit({ principal })}
        />
        <Labelled label={texts.acls.may}>
          <Choice
            aria-label={texts.acls.task}
            value={draft.task}
            onChange={(event) => edit({ task: event.target.value as Task })}
          >
            {Object.entries(texts.acls.tasks).map(([id, text]) => (
              <option key={id} value={id}>
                {text}
              </option>
            ))}
          </Choice>
        </Labelled>
        <Suggested
          label={texts.acls.topic}
          value={draft.topic}
          options={(topics ?? []).filter(({ internal }) => !internal).map(({ name }) => name)}
          onChange={(topic) => edit({ topic })}
        />
        <Labelled label={texts.acls.topicPattern}>
          <Choice
            value={draft.prefixed ? 'prefixed' : 'literal'}
            onChange={(event) => edit({ prefixed: event.target.value === 'prefixed' })}
          >
            <option value="literal">{texts.acls.literal}</option>
            <option value="prefixed">{texts.acls.prefixed}</option>
          </Choice>
        </Labelled>
        {draft.task === 'consume' && (
          <Suggested
            label={texts.acls.group}
            value={draft.group}
            options={groups ?? []}
            onChange={(group) => edit({ group })}
          />
        )}
        {draft.task === 'transact' && (
          <Labelled label={texts.acls.transactionalId}>
            <Field value={draft.transactionalId} onChange={(event) => edit({ transactionalId: event.target.value })} />
          </Labelled>
        )}
        {draft.task !== 'consume' && (
          <label className={css.check}>
            <input
              type="checkbox"
              checked={draft.canCreate}
              onChange={(event) => edit({ canCreate: event.target.checked })}
            />{' '}
            {texts.acls.canCreate}
          </label>
        )}
        <Button look="primary" type="submit" needs="security.acl" disabled={acls.length === 0 || form.isBusy}>
          {texts.acls.grantAction(aclsOf(draft).length)}
        </Button>
      </div>
      {acls.length > 0 && (
        <p className={css.preview}>
          <span className="quiet">{texts.acls.preview}</span>{' '}
          <span className="data">{acls.map(aclText).join(', ')}</span>
        </p>
      )}
      {isUnfinishedPrincipal(draft.principal) && <p className={css.hint}>{texts.acls.principalForm}</p>}
      {form.problem !== null && <Problem text={form.problem} />}
    </form>
  )
}
