import type { RefusedLine, SecurityView } from '../../../src-main/contract/security'
import { integer } from '../../format/numbers'
import { clockTime } from '../../format/time'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Table } from '../../parts/Table'
import { href } from '../../stores/route'
import { queryOf } from './rule-draft'

/** Who was refused lately, and why: the client itself is told less. */
export function Refused({ view }: { readonly view: SecurityView }) {
  return (
    <Table
      label="Refused"
      rows={view.refused}
      rowKey={({ firstAt, principal, clientId, address, what, why }) =>
        JSON.stringify([firstAt, principal, clientId, address, what, why])
      }
      columns={[
        {
          id: 'at',
          title: 'Last',
          width: '100px',
          cell: ({ at, firstAt, times }) => (
            <span
              className="data"
              title={times > 1 ? `${integer(times)} times since ${clockTime(firstAt)}` : undefined}
            >
              {clockTime(at)}
            </span>
          ),
        },
        { id: 'times', title: 'Times', width: '52px', numeric: true, cell: ({ times }) => integer(times) },
        { id: 'who', title: 'Who', width: 'minmax(120px, 1.2fr)', cell: (line) => <Who line={line} /> },
        {
          id: 'from',
          title: 'From',
          width: 'minmax(150px, 1fr)',
          cell: ({ address, listener }) => (
            <>
              <span className="data">{address || 'unknown'}</span> <span className="quiet">to {listener}</span>
            </>
          ),
        },
        { id: 'what', title: 'What', width: 'minmax(180px, 2fr)', cell: ({ what }) => <Text text={what} /> },
        { id: 'why', title: 'Why', width: 'minmax(180px, 2fr)', cell: ({ why }) => <Text text={why} /> },
        {
          id: 'error',
          title: 'Told',
          width: 'minmax(90px, 1fr)',
          cell: ({ error }) => (error ? <Text text={error} /> : <span className="quiet">nothing: hung up</span>),
        },
        {
          id: 'allow',
          title: 'Allow',
          isTitleHidden: true,
          width: '92px',
          cell: ({ rule }) =>
            rule && (
              <Button
                look="plain"
                onClick={() => {
                  location.hash = `${href('security', 'acls')}?${queryOf(rule)}`
                }}
              >
                Allow this
              </Button>
            ),
        },
      ]}
      empty={<Empty>Nobody was refused.</Empty>}
    />
  )
}

function Who({ line: { principal, clientId } }: { readonly line: RefusedLine }) {
  return (
    <span title={clientId ?? undefined}>
      {principal ?? <span className="quiet">unknown</span>}
      {clientId && <span className="quiet"> {clientId}</span>}
    </span>
  )
}

/** Its whole length is there for whoever points at it. */
function Text({ text }: { readonly text: string }) {
  return <span title={text}>{text}</span>
}
