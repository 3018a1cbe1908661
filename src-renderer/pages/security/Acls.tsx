import { useState } from 'react'
import type { AclLine, SecurityView } from '../../../src-main/contract/security'
import { Button } from '../../parts/Button'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Empty } from '../../parts/Empty'
import { type Column, Table } from '../../parts/Table'
import { change, useWhyNot } from '../../stores/can'
import { useFeed } from '../../stores/feed'
import { attempt, notifyUndoable } from '../../stores/notices'
import { shared } from '../../texts'
import { Authorizer } from './Authorizer'
import { aclText, readQuery } from './acl-draft'
import { Changeable } from './Changeable'
import { Grant } from './Grant'
import { SingleAcl } from './SingleAcl'
import css from './security.module.css'
import { texts } from './texts'

async function remove(acl: AclLine): Promise<void> {
  await change('security.acl', { acl, remove: true })
  const text = texts.acls.removed(acl.principal, aclText(acl), acl.allow, acl.host)
  notifyUndoable(text, () => change('security.acl', { acl, remove: false }))
}

const columnsOf = (onRemove: (acl: AclLine) => void): readonly Column<AclLine>[] => [
  {
    id: 'principal',
    title: texts.acls.columns.principal,
    width: 'minmax(140px, 1fr)',
    cell: ({ principal }) => principal,
    sort: ({ principal }) => principal,
  },
  {
    id: 'permission',
    title: texts.acls.columns.permission,
    width: '90px',
    cell: ({ allow }) => (allow ? texts.acls.allow : <span className={css.deny}>✕ {texts.acls.deny}</span>),
  },
  {
    id: 'operation',
    title: texts.acls.columns.operation,
    width: 'minmax(100px, 160px)',
    cell: ({ operation }) => operation,
    sort: ({ operation }) => operation,
  },
  {
    id: 'resource',
    title: texts.acls.columns.resource,
    width: 'minmax(90px, 150px)',
    cell: ({ resourceType }) => resourceType,
    sort: ({ resourceType }) => resourceType,
  },
  {
    id: 'name',
    title: texts.acls.columns.name,
    width: 'minmax(140px, 1fr)',
    cell: ({ resourceName, prefixed }) => (prefixed ? texts.acls.prefixedName(resourceName) : resourceName),
    sort: ({ resourceName }) => resourceName,
  },
  {
    id: 'host',
    title: texts.acls.columns.host,
    width: 'minmax(70px, 110px)',
    cell: ({ host }) => (host === '*' ? <span className="quiet">{texts.acls.anyHost}</span> : host),
  },
  {
    id: 'remove',
    title: texts.acls.columns.remove,
    isTitleHidden: true,
    width: '72px',
    cell: (acl) => (
      <Button look="plain" needs="security.acl" onClick={() => onRemove(acl)}>
        {texts.remove}
      </Button>
    ),
  },
]

/** ACLs, and forms to add them. `query` holds what a denied request needs. */
export function Acls({ view, query }: { readonly view: SecurityView; readonly query: string }) {
  const given = readQuery(query)
  const [isSingle, setSingle] = useState(given.acl !== null)
  const why = useWhyNot('security.acl')
  const [removing, setRemoving] = useState<AclLine | null>(null)
  const isElsewhere = useFeed('workspace', undefined).value?.cluster != null
  // It can be undone; but on a cluster elsewhere others depend on it at once.
  const onRemove = (acl: AclLine) => (isElsewhere ? setRemoving(acl) : void attempt(() => remove(acl)))
  return (
    <>
      {view.authorizer && <Authorizer authorizer={view.authorizer} view={view} />}
      <Changeable needs="security.acl" problem={view.problems.acls}>
        <div className={css.mode} role="radiogroup" aria-label={texts.acls.mode}>
          {[false, true].map((single) => (
            <label key={String(single)}>
              <input type="radio" name="acl-mode" checked={isSingle === single} onChange={() => setSingle(single)} />{' '}
              {single ? texts.acls.single : texts.acls.grant}
            </label>
          ))}
        </div>
        {isSingle ? <SingleAcl given={given.acl} /> : <Grant view={view} given={given.grant} />}
      </Changeable>
      <Table
        label={texts.acls.title}
        list="acls"
        rows={view.acls}
        rowKey={(line) => JSON.stringify(line)}
        columns={columnsOf(onRemove)}
        empty={<Empty>{view.problems.acls ?? (why === undefined ? texts.acls.empty : texts.acls.none)}</Empty>}
      />
      {removing && (
        <ConfirmDialog
          title={texts.acls.removeTitle(removing.principal)}
          description={texts.acls.removeText(aclText(removing), removing.allow)}
          action={shared.remove}
          needs="security.acl"
          typed={removing.principal}
          onConfirm={() => remove(removing)}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  )
}
