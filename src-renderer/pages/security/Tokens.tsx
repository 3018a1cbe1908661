import { useState } from 'react'
import type { SecurityView, TokenLine } from '../../../src-main/contract/security'
import { clockTime, exactTime } from '../../format/time'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { Table } from '../../parts/Table'
import { attempt } from '../../stores/notices'
import { Removal } from './Removal'

/** Delegation tokens: whoever shows one is its owner. They are made by clients, and by kafka-delegation-tokens. */
export function Tokens({ view }: { readonly view: SecurityView }) {
  const [doomed, setDoomed] = useState<TokenLine | null>(null)
  return (
    <>
      <Table
        label="Delegation tokens"
        rows={view.tokens}
        rowKey={({ tokenId }) => tokenId}
        columns={[
          {
            id: 'token',
            title: 'Token',
            width: '210px',
            cell: ({ tokenId }) => <span className="data">{tokenId}</span>,
          },
          {
            id: 'owner',
            title: 'Owner',
            width: 'minmax(120px, 1fr)',
            cell: ({ owner }) => owner,
            sort: ({ owner }) => owner,
          },
          { id: 'requester', title: 'Requested by', width: 'minmax(120px, 1fr)', cell: ({ requester }) => requester },
          {
            id: 'renewers',
            title: 'Renewed by',
            width: 'minmax(120px, 1fr)',
            cell: ({ renewers }) => renewers.join(', ') || <span className="quiet">its owner</span>,
          },
          { id: 'issued', title: 'Issued', width: '160px', cell: ({ issuedAt }) => <When at={issuedAt} /> },
          {
            id: 'expires',
            title: 'Expires',
            width: '160px',
            cell: ({ expiresAt }) => <When at={expiresAt} />,
            sort: ({ expiresAt }) => expiresAt,
          },
          { id: 'most', title: 'Not beyond', width: '160px', cell: ({ maxAt }) => <When at={maxAt} /> },
          {
            id: 'expire',
            title: 'Expire',
            isTitleHidden: true,
            width: '80px',
            cell: (token) => (
              <Button look="plain" onClick={() => setDoomed(token)}>
                Expire
              </Button>
            ),
          },
        ]}
        empty={
          <Empty>
            {view.tokensEnabled
              ? 'There are no delegation tokens. Clients make them.'
              : 'Delegation tokens need a secret: start with --config delegation.token.secret.key=SECRET.'}
          </Empty>
        }
      />
      {doomed && (
        <Removal
          title={`Expire the token of ${doomed.owner}?`}
          description="Nobody can come in with it any more, and it cannot be brought back. Connections that are open stay."
          deed="Expire token"
          onConfirm={() =>
            attempt(() => ask('security.token.expire', { tokenId: doomed.tokenId }), 'The token has ended.')
          }
          onClose={() => setDoomed(null)}
        />
      )}
    </>
  )
}

function When({ at }: { readonly at: number }) {
  return (
    <span className="data" title={exactTime(at)}>
      {clockTime(at)}
    </span>
  )
}
