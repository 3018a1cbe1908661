import { useMemo } from 'react'
import type { AclLine, RefusedLine, SecurityView } from '../../../src-main/contract/security'
import { integer } from '../../format/numbers'
import { clockTime, exactTime, timeTrack } from '../../format/time'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { type Column, Table } from '../../parts/Table'
import { go } from '../../stores/route'
import { aclQuery, grantFor, grantQuery, hasTask, isAllowedBy } from './acl-draft'
import { texts } from './texts'

const keyOf = ({ firstAt, principal, clientId, address, what, why }: RefusedLine) =>
  JSON.stringify([firstAt, principal, clientId, address, what, why])

function columnsFor(view: SecurityView): readonly Column<RefusedLine>[] {
  const denied = view.refused.flatMap(({ rule }) => rule ?? [])
  const { columns } = texts.denied
  return [
    {
      id: 'at',
      title: columns.at,
      width: timeTrack(view.refused.map(({ at }) => at)),
      cell: ({ at, firstAt, times }) => (
        <span className="data" title={times > 1 ? texts.denied.timesSince(times, clockTime(firstAt)) : exactTime(at)}>
          {clockTime(at)}
        </span>
      ),
    },
    // The time has it as its title.
    { id: 'times', title: columns.times, width: '52px', yields: 2, numeric: true, cell: ({ times }) => integer(times) },
    { id: 'client', title: columns.client, width: 'minmax(100px, 1.2fr)', cell: (line) => <Client line={line} /> },
    {
      id: 'from',
      title: columns.from,
      width: 'minmax(150px, 1fr)',
      yields: 1,
      cell: ({ address, listener }) => (
        <>
          <span className="data">{address || texts.denied.unknown}</span>{' '}
          <span className="quiet">{texts.denied.listener(listener)}</span>
        </>
      ),
    },
    {
      id: 'request',
      title: columns.request,
      width: 'minmax(124px, 2fr)',
      cell: ({ what }) => <LongText text={what} />,
    },
    { id: 'reason', title: columns.reason, width: 'minmax(124px, 2fr)', cell: ({ why }) => <LongText text={why} /> },
    {
      id: 'response',
      title: columns.response,
      width: 'minmax(90px, 1fr)',
      yields: 3,
      cell: ({ error }) => (error ? <LongText text={error} /> : <span className="quiet">{texts.denied.closed}</span>),
    },
    {
      id: 'allow',
      title: columns.allow,
      isTitleHidden: true,
      width: '92px',
      cell: ({ rule, address }) => rule && <Allow rule={rule} address={address} view={view} denied={denied} />,
    },
  ]
}

/** Requests that were denied, with the reason, which the client itself does not get, and a way to allow them. */
export function DeniedRequests({ view }: { readonly view: SecurityView }) {
  const columns = useMemo(() => columnsFor(view), [view])
  return (
    <Table
      label={texts.denied.title}
      list="deniedRequests"
      rows={view.refused}
      rowKey={keyOf}
      columns={columns}
      empty={<Empty>{texts.denied.empty}</Empty>}
    />
  )
}

interface AllowProps {
  readonly rule: AclLine
  /** Of the client: an ACL may allow it from there alone. */
  readonly address: string
  readonly view: SecurityView
  readonly denied: readonly AclLine[]
}

function Allow({ rule, address, view, denied }: AllowProps) {
  const { authorizer, acls } = view
  const isAllowed = isAllowedBy(acls, { ...rule, host: address })
  if (!authorizer?.on || authorizer.superUsers.includes(rule.principal) || isAllowed) {
    return <span className="quiet">{texts.denied.allowed}</span>
  }
  const query = hasTask(rule) ? grantQuery(grantFor(rule, denied)) : aclQuery(rule)
  return (
    <Button look="plain" onClick={() => go('security', 'acls', null, query)}>
      {texts.denied.allow}
    </Button>
  )
}

function Client({ line: { principal, clientId } }: { readonly line: RefusedLine }) {
  return (
    <span title={clientId ?? undefined}>
      {principal ?? <span className="quiet">{texts.denied.unknown}</span>}
      {clientId && <span className="quiet"> {clientId}</span>}
    </span>
  )
}

/** Text that may be cut, with its full length in the tooltip. */
function LongText({ text }: { readonly text: string }) {
  return <span title={text}>{text}</span>
}
