import { type AclLine, type AclResourceType, aclResourceTypes, operationsOf } from '../../../src-main/contract/security'
import { Button } from '../../parts/Button'
import { Problem } from '../../parts/Dialog'
import { Choice, Field, Labelled } from '../../parts/Field'
import { useFormAction } from '../../parts/useFormAction'
import { change } from '../../stores/can'
import { useDraft } from '../../stores/drafts'
import { notify } from '../../stores/notices'
import { setQuery } from '../../stores/route'
import { emptyAcl, isPrincipal, isUnfinishedPrincipal, onlyName } from './acl-draft'
import css from './security.module.css'
import { texts } from './texts'

/** Adds one ACL, with all its fields. */
export function SingleAcl({ given }: { readonly given: AclLine | null }) {
  const [acl, setAcl] = useDraft(given ? null : 'security acl', given ?? emptyAcl)
  const form = useFormAction()
  const edit = (fields: Partial<AclLine>) => setAcl({ ...acl, ...fields })
  const setResource = (resourceType: AclResourceType) => {
    const operations = operationsOf[resourceType]
    const operation = operations.includes(acl.operation) ? acl.operation : (operations[0] ?? 'ALL')
    const before = onlyName[acl.resourceType]
    const name = onlyName[resourceType] ?? (acl.resourceName === before ? '*' : acl.resourceName)
    edit({ resourceType, operation, resourceName: name, prefixed: false })
  }
  const add = async () => {
    if (!(await form.run(() => change('security.acl', { acl, remove: false })))) return
    notify({ kind: 'done', text: texts.acls.added })
    setQuery('')
  }
  const hasOneName = onlyName[acl.resourceType] !== undefined
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void add()
      }}
    >
      <div className={css.form}>
        <Labelled label={texts.acls.permission}>
          <Choice
            value={acl.allow ? 'allow' : 'deny'}
            onChange={(event) => edit({ allow: event.target.value === 'allow' })}
          >
            <option value="allow">{texts.acls.allow}</option>
            <option value="deny">{texts.acls.deny}</option>
          </Choice>
        </Labelled>
        <Labelled label={texts.acls.principal}>
          <Field
            placeholder="User:alice"
            value={acl.principal}
            onChange={(event) => edit({ principal: event.target.value })}
          />
        </Labelled>
        <Labelled label={texts.acls.operation}>
          <Choice
            value={acl.operation}
            onChange={(event) => edit({ operation: event.target.value as AclLine['operation'] })}
          >
            {operationsOf[acl.resourceType].map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Choice>
        </Labelled>
        <Labelled label={texts.acls.resource}>
          <Choice value={acl.resourceType} onChange={(event) => setResource(event.target.value as AclResourceType)}>
            {aclResourceTypes.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Choice>
        </Labelled>
        <Labelled label={texts.acls.name}>
          <Field
            value={acl.resourceName}
            disabled={hasOneName}
            onChange={(event) => edit({ resourceName: event.target.value })}
          />
        </Labelled>
        <Labelled label={texts.acls.pattern}>
          <Choice
            value={acl.prefixed ? 'prefixed' : 'literal'}
            disabled={hasOneName}
            onChange={(event) => edit({ prefixed: event.target.value === 'prefixed' })}
          >
            <option value="literal">{texts.acls.literal}</option>
            <option value="prefixed">{texts.acls.prefixed}</option>
          </Choice>
        </Labelled>
        <Labelled label={texts.acls.host}>
          <Field
            value={acl.host}
            title={texts.acls.hostForm}
            placeholder="10.0.0.0/8"
            onChange={(event) => edit({ host: event.target.value })}
          />
        </Labelled>
        <Button
          look="primary"
          type="submit"
          needs="security.acl"
          disabled={acl.resourceName === '' || !isPrincipal(acl.principal) || form.isBusy}
        >
          {texts.acls.add}
        </Button>
      </div>
      {isUnfinishedPrincipal(acl.principal) && <p className={css.hint}>{texts.acls.principalForm}</p>}
      {form.problem !== null && <Problem text={form.problem} />}
    </form>
  )
}
