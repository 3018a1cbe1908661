import { useState } from 'react'
import {
  type AclLine,
  type AclResourceType,
  aclResourceTypes,
  clusterResourceName,
  operationsOf,
  type SecurityView,
} from '../../../src-main/contract/security'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Choice, Field, Labelled } from '../../parts/Field'
import { Table } from '../../parts/Table'
import { attempt } from '../../stores/notices'
import { setQuery } from '../../stores/route'
import { Authorizer } from './Authorizer'
import { undoable } from './deeds'
import { draftOf } from './rule-draft'
import css from './security.module.css'

/** The one name that a resource of this type has, if it has but one. */
const onlyName: Partial<Record<AclResourceType, string>> = { CLUSTER: clusterResourceName }

/** Rules of who may do what. `query` holds a rule that another place asks for. */
export function Acls({ view, query }: { readonly view: SecurityView; readonly query: string }) {
  const [acl, setAcl] = useState(() => draftOf(query))
  const change = (fields: Partial<AclLine>) => setAcl((before) => ({ ...before, ...fields }))
  const setResource = (resourceType: AclResourceType) => {
    const operations = operationsOf[resourceType]
    const operation = operations.includes(acl.operation) ? acl.operation : (operations[0] ?? 'ALL')
    const before = onlyName[acl.resourceType]
    const name = onlyName[resourceType] ?? (acl.resourceName === before ? '*' : acl.resourceName)
    change({ resourceType, operation, resourceName: name, prefixed: false })
  }
  const add = async () => {
    if (await attempt(() => ask('security.acl', { acl, remove: false }), 'The rule is added.')) setQuery('')
  }
  const remove = (line: AclLine) =>
    undoable(
      () => ask('security.acl', { acl: line, remove: true }),
      'The rule is removed.',
      () => ask('security.acl', { acl: line, remove: false }),
    )
  const isWhole = acl.resourceName !== '' && /^\w+:.+/.test(acl.principal)
  return (
    <>
      <Authorizer view={view} />
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault()
          void add()
        }}
      >
        <Labelled label="Permission">
          <Choice
            value={acl.allow ? 'allow' : 'deny'}
            onChange={(event) => change({ allow: event.target.value === 'allow' })}
          >
            <option value="allow">Allow</option>
            <option value="deny">Deny</option>
          </Choice>
        </Labelled>
        <Labelled label="Principal">
          <Field
            placeholder="User:alice"
            value={acl.principal}
            onChange={(event) => change({ principal: event.target.value })}
          />
        </Labelled>
        <Labelled label="Operation">
          <Choice
            value={acl.operation}
            onChange={(event) => change({ operation: event.target.value as AclLine['operation'] })}
          >
            {operationsOf[acl.resourceType].map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Choice>
        </Labelled>
        <Labelled label="Resource">
          <Choice value={acl.resourceType} onChange={(event) => setResource(event.target.value as AclResourceType)}>
            {aclResourceTypes.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </Choice>
        </Labelled>
        <Labelled label="Name">
          <Field
            value={acl.resourceName}
            disabled={onlyName[acl.resourceType] !== undefined}
            onChange={(event) => change({ resourceName: event.target.value })}
          />
        </Labelled>
        <Labelled label="Holds for">
          <Choice
            value={acl.prefixed ? 'prefix' : 'name'}
            disabled={onlyName[acl.resourceType] !== undefined}
            onChange={(event) => change({ prefixed: event.target.value === 'prefix' })}
          >
            <option value="name">this name</option>
            <option value="prefix">names that begin so</option>
          </Choice>
        </Labelled>
        <Labelled label="From">
          <Field value={acl.host} onChange={(event) => change({ host: event.target.value })} />
        </Labelled>
        <Button look="primary" type="submit" disabled={!isWhole}>
          Add rule
        </Button>
      </form>
      <Table
        label="Rules"
        rows={view.acls}
        rowKey={(line) => JSON.stringify(line)}
        columns={[
          {
            id: 'principal',
            title: 'Principal',
            width: 'minmax(140px, 1fr)',
            cell: ({ principal }) => principal,
            sort: ({ principal }) => principal,
          },
          {
            id: 'allow',
            title: 'Permission',
            width: '90px',
            cell: ({ allow }) => (allow ? 'allow' : <span style={{ color: 'var(--bad)' }}>deny</span>),
          },
          {
            id: 'operation',
            title: 'Operation',
            width: '160px',
            cell: ({ operation }) => operation,
            sort: ({ operation }) => operation,
          },
          {
            id: 'resource',
            title: 'Resource',
            width: '150px',
            cell: ({ resourceType }) => resourceType,
            sort: ({ resourceType }) => resourceType,
          },
          {
            id: 'name',
            title: 'Name',
            width: 'minmax(140px, 1fr)',
            cell: ({ resourceName, prefixed }) => (prefixed ? `${resourceName}…` : resourceName),
            sort: ({ resourceName }) => resourceName,
          },
          {
            id: 'host',
            title: 'From',
            width: '110px',
            cell: ({ host }) => (host === '*' ? <span className="quiet">anywhere</span> : host),
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
        empty={<Empty>There are no rules.</Empty>}
      />
    </>
  )
}
