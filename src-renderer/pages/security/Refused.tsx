import type { SecurityView } from '../../../src-main/contract/security'
import { clockTime } from '../../format/time'
import { Empty } from '../../parts/Empty'
import { Table } from '../../parts/Table'

/** Who was refused lately, and why: the client itself is told less. */
export function Refused({ view }: { readonly view: SecurityView }) {
  return (
    <Table
      label="Refused"
      rows={view.refused}
      rowKey={({ at, client, why }) => `${at} ${client} ${why}`}
      columns={[
        { id: 'at', title: 'Time', width: '120px', cell: ({ at }) => <span className="data">{clockTime(at)}</span> },
        { id: 'client', title: 'Client', width: '1fr', cell: ({ client }) => client },
        { id: 'error', title: 'Error', width: '1fr', cell: ({ error }) => error },
        { id: 'why', title: 'Why', width: '2fr', cell: ({ why }) => why },
      ]}
      empty={<Empty>Nobody was refused.</Empty>}
    />
  )
}
