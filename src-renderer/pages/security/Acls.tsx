import { useState } from 'react'
import { type AclLine, aclOperations, aclResources, type SecurityView } from '../../../src-main/contract/security'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Choice, Field } from '../../parts/Field'
import { Table } from '../../parts/Table'
import { attempt } from '../../stores/notices'
import page from '../pages.module.css'

const first: AclLine = {
  resourceType: 'TOPIC',
  resourceName: '*',
  prefixed: false,
  principal: 'User:',
  host: '*',
  operation: 'READ',
  allow: true,
}

/** Rules of who may do what. */
export function Acls({ view }: { readonly view: SecurityView }) {
  const [acl, setAcl] = useState(first)
  const change = (fields: Partial<AclLine>) => setAcl((before) => ({ ...before, ...fields }))
  const add = () => attempt(() => ask('security.acl', { acl, remove: false }), 'The rule is added.')
  const remove = (line: AclLine) =>
    attempt(() => ask('security.acl', { acl: line, remove: true }), 'The rule is removed.')
  return (
    <>
      {!view.authorizes && (
        <p className={page.bar} role="note">
          <span className="quiet">
            Everybody may do everything: rules count when the broker is started with --config
            authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer.
          </span>
        </p>
      )}
      <div className={page.bar}>
        <Choice
          aria-label="Permission"
          value={acl.allow ? 'allow' : 'deny'}
          onChange={(event) => change({ allow: event.target.value === 'allow' })}
        >
          <option value="allow">Allow</option>
          <option value="deny">Deny</option>
        </Choice>
        <Field
          aria-label="Principal"
          value={acl.principal}
          onChange={(event) => change({ principal: event.target.value })}
        />
        <Choice
          aria-label="Operation"
          value={acl.operation}
          onChange={(event) => change({ operation: event.target.value as AclLine['operation'] })}
        >
          {aclOperations.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Choice>
        <Choice
          aria-label="Resource"
          value={acl.resourceType}
          onChange={(event) => change({ resourceType: event.target.value as AclLine['resourceType'] })}
        >
          {aclResources.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Choice>
        <Field
          aria-label="Name"
          value={acl.resourceName}
          onChange={(event) => change({ resourceName: event.target.value })}
        />
        <label className="quiet">
          <input
            type="checkbox"
            checked={acl.prefixed}
            onChange={(event) => change({ prefixed: event.target.checked })}
          />{' '}
          prefix
        </label>
        <Button look="primary" onClick={add}>
          Add rule
        </Button>
      </div>
      <Table
        label="Rules"
        rows={view.acls}
        rowKey={(line) => JSON.stringify(line)}
        columns={[
          {
            id: 'principal',
            title: 'Principal',
            width: '1fr',
            cell: ({ principal }) => principal,
            sort: ({ principal }) => principal,
          },
          {
            id: 'allow',
            title: 'Permission',
            width: '90px',
            cell: ({ allow }) => (allow ? 'allow' : <span className="danger">deny</span>),
          },
          { id: 'operation', title: 'Operation', width: '160px', cell: ({ operation }) => operation },
          { id: 'resource', title: 'Resource', width: '150px', cell: ({ resourceType }) => resourceType },
          {
            id: 'name',
            title: 'Name',
            width: '1fr',
            cell: ({ resourceName, prefixed }) => (prefixed ? `${resourceName}…` : resourceName),
          },
          { id: 'host', title: 'From', width: '110px', cell: ({ host }) => host },
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
        empty={<Empty>There are no rules.</Empty>}
      />
    </>
  )
}
