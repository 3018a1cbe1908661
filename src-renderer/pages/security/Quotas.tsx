import { useState } from 'react'
import {
  type QuotaEntity,
  type QuotaLimit,
  type QuotaLine,
  quotaLimits,
  type SecurityView,
} from '../../../src-main/contract/security'
import { Button } from '../../parts/Button'
import { ConfirmDialog } from '../../parts/ConfirmDialog'
import { Empty } from '../../parts/Empty'
import { Table } from '../../parts/Table'
import { change } from '../../stores/can'
import { useFeed } from '../../stores/feed'
import { attempt, notifyUndoable } from '../../stores/notices'
import { shared } from '../../texts'
import { Changeable } from './Changeable'
import { QuotaForm } from './QuotaForm'
import { type EntityPart, placeOf } from './quota-draft'
import css from './security.module.css'
import { texts } from './texts'

const { units } = texts.quotas
const parts: readonly EntityPart[] = ['user', 'clientId', 'ip']

async function remove(line: QuotaLine): Promise<void> {
  const { entity, values } = line
  await change('security.unquota', { entity })
  notifyUndoable(texts.quotas.removed(nameOf(line)), async () => {
    for (const known of quotaLimits) {
      const before = values[known]
      if (before !== undefined) await change('security.quota', { entity, limit: known, value: before })
    }
  })
}

/** The names of an entity: `alice, <default>`. */
function nameOf({ entity }: QuotaLine): string {
  return parts.flatMap((part) => (entity[part] === undefined ? [] : (entity[part] ?? texts.quotas.default))).join(', ')
}

function limitsText({ values }: QuotaLine): string {
  return Object.entries(values)
    .map(([key, amount]) => `${key} ${amount.toLocaleString('en-US')} ${units[key as QuotaLimit] ?? ''}`)
    .join(' · ')
}

/** Quotas: clients that exceed one are throttled. */
export function Quotas({ view }: { readonly view: SecurityView }) {
  const [removing, setRemoving] = useState<QuotaLine | null>(null)
  const isElsewhere = useFeed('workspace', undefined).value?.cluster != null
  // It can be undone; but on a cluster elsewhere others are throttled, or not, at once.
  const onRemove = (line: QuotaLine) => (isElsewhere ? setRemoving(line) : void attempt(() => remove(line)))
  return (
    <>
      <Changeable needs="security.quota" problem={view.problems.quotas}>
        <QuotaForm view={view} />
      </Changeable>
      <Table
        label={texts.quotas.title}
        list="quotas"
        rows={view.quotas}
        rowKey={({ entity }) => JSON.stringify(entity)}
        initialSort={{ id: 'user', descending: false }}
        columns={[
          {
            id: 'user',
            title: texts.quotas.user,
            width: 'minmax(110px, 1fr)',
            cell: ({ entity }) => <EntityName entity={entity} part="user" />,
            sort: ({ entity }) => placeOf(entity.user),
          },
          {
            id: 'client',
            title: texts.quotas.clientId,
            width: 'minmax(110px, 1fr)',
            cell: ({ entity }) => <EntityName entity={entity} part="clientId" />,
            sort: ({ entity }) => placeOf(entity.clientId),
          },
          {
            id: 'ip',
            title: texts.quotas.ip,
            width: 'minmax(110px, 1fr)',
            cell: ({ entity }) => <EntityName entity={entity} part="ip" />,
            sort: ({ entity }) => placeOf(entity.ip),
          },
          {
            id: 'values',
            title: texts.quotas.limits,
            width: 'minmax(260px, 3fr)',
            cell: limitsText,
          },
          {
            id: 'remove',
            title: texts.remove,
            isTitleHidden: true,
            width: '90px',
            cell: (line) => (
              <Button look="plain" needs={['security.unquota', 'security.quota']} onClick={() => onRemove(line)}>
                {texts.remove}
              </Button>
            ),
          },
        ]}
        empty={<Empty>{view.problems.quotas ?? texts.quotas.empty}</Empty>}
      />
      {removing && (
        <ConfirmDialog
          title={texts.quotas.removeTitle(nameOf(removing))}
          description={texts.quotas.removeText(limitsText(removing))}
          action={shared.remove}
          needs="security.unquota"
          typed={nameOf(removing)}
          onConfirm={() => remove(removing)}
          onClose={() => setRemoving(null)}
        />
      )}
    </>
  )
}

/** The default is marked, and says what it is: a user may be named `default`. */
function EntityName({ entity, part }: { readonly entity: QuotaEntity; readonly part: EntityPart }) {
  const name = entity[part]
  if (name === undefined) return <span className="quiet">–</span>
  if (name !== null) return name
  const everyOther = texts.quotas.form.everyOther[part]
  return (
    <span className={css.default} role="img" aria-label={everyOther} title={everyOther}>
      {texts.quotas.default}
    </span>
  )
}
