import { useState } from 'react'
import type { SecurityView, TokenLine } from '../../../src-main/contract/security'
import { clockTime, exactTime } from '../../format/time'
import { Button } from '../../parts/Button'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Empty } from '../../parts/Empty'
import { Table } from '../../parts/Table'
import { change } from '../../stores/can'
import { notify } from '../../stores/notices'
import { texts } from './texts'

/** Delegation tokens (KIP-48). Clients and kafka-delegation-tokens.sh create them; a client that has one authenticates as its owner. */
export function Tokens({ view }: { readonly view: SecurityView }) {
  const [expiring, setExpiring] = useState<TokenLine | null>(null)
  return (
    <>
      <Table
        label={texts.tokens.title}
        list="tokens"
        rows={view.tokens}
        rowKey={({ tokenId }) => tokenId}
        columns={[
          {
            id: 'token',
            title: texts.tokens.columns.token,
            width: '210px',
            cell: ({ tokenId }) => <span className="data">{tokenId}</span>,
          },
          {
            id: 'owner',
            title: texts.tokens.columns.owner,
            width: 'minmax(120px, 1fr)',
            cell: ({ owner }) => owner,
            sort: ({ owner }) => owner,
          },
          {
            id: 'requester',
            title: texts.tokens.columns.requester,
            width: 'minmax(120px, 1fr)',
            yields: 3,
            cell: ({ requester }) => requester,
          },
          {
            id: 'renewers',
            title: texts.tokens.columns.renewers,
            width: 'minmax(120px, 1fr)',
            yields: 1,
            cell: ({ renewers }) => renewers.join(', ') || <span className="quiet">{texts.tokens.owner}</span>,
          },
          {
            id: 'issued',
            title: texts.tokens.columns.issued,
            width: '172px',
            yields: 2,
            cell: ({ issuedAt }) => <When at={issuedAt} />,
          },
          {
            id: 'expires',
            title: texts.tokens.columns.expires,
            width: '172px',
            cell: ({ expiresAt }) => <When at={expiresAt} />,
            sort: ({ expiresAt }) => expiresAt,
          },
          {
            id: 'most',
            title: texts.tokens.columns.max,
            width: '172px',
            yields: 4,
            cell: ({ maxAt }) => <When at={maxAt} />,
          },
          {
            id: 'expire',
            title: texts.tokens.columns.expire,
            isTitleHidden: true,
            width: '80px',
            cell: (token) => (
              <Button look="plain" needs="security.token.expire" onClick={() => setExpiring(token)}>
                {texts.tokens.expire}
              </Button>
            ),
          },
        ]}
        empty={
          <Empty>{view.problems.tokens ?? (view.tokensEnabled ? texts.tokens.empty : texts.tokens.disabled)}</Empty>
        }
      />
      {expiring && (
        <ConfirmDialog
          title={texts.tokens.expireTitle(expiring.owner)}
          description={texts.tokens.expireText}
          action={texts.tokens.expireAction}
          needs="security.token.expire"
          typed={expiring.owner}
          onConfirm={async () => {
            await change('security.token.expire', { tokenId: expiring.tokenId })
            notify({ kind: 'done', text: texts.tokens.expired })
          }}
          onClose={() => setExpiring(null)}
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
