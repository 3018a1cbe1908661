import { type ReactNode, useState } from 'react'
import { ask } from '../../host'
import { Button } from '../../parts/Button'
import { Code } from '../../parts/Copy'
import { Dialog } from '../../parts/Dialog'
import { useCan } from '../../stores/can'
import { attempt } from '../../stores/notices'
import { href } from '../../stores/route'
import { shared } from '../../texts'
import { OpenElsewhere } from '../connections/actions'
import { CopyDialog } from '../copies/CopyDialog'
import { copyQuery } from '../copies/link'
import type { ShownRow } from './compared'
import { texts } from './texts'
import type { Side } from './useSides'

export interface RowAction {
  readonly label: string
  readonly run: () => void
}

type Asked =
  | { readonly what: 'open'; readonly name: string }
  | { readonly what: 'command'; readonly name: string; readonly topic: string }
  | { readonly what: 'copy'; readonly topic: string }

/** Actions of a row: the topic, group or schema on either side, and a copy of a topic to a broker on this machine. */
export function useRowActions(a: Side, b: Side, opensWindows: boolean) {
  const [asked, setAsked] = useState<Asked | null>(null)
  const mayCopy = useCan('copy.start') === true
  const hasSchemas = useCan('schemas') === true
  const close = () => setAsked(null)

  const openOn = (side: Side, row: ShownRow): RowAction[] => {
    // The window of a cluster elsewhere shows the schemas of no registry.
    if (row.kind === 'subject' && !(side.isHere && hasSchemas)) return []
    const place = placeOf(row)
    const run = () => {
      if (side.isHere) location.hash = place
      else if (opensWindows) void attempt(() => ask('connection.open', { id: side.id, view: place.slice(1) }))
      else setAsked({ what: 'open', name: side.name })
    }
    return [{ label: texts.openIn(side.inText), run }]
  }
  const copyFrom = (side: Side, { kind, name }: ShownRow): RowAction[] => {
    if (kind !== 'topic' || (side.isHere && !mayCopy)) return []
    const run = () => {
      const view = `${href('topics', name, 'partitions').slice(1)}?${copyQuery}`
      if (side.isHere) setAsked({ what: 'copy', topic: name })
      else if (opensWindows) void attempt(() => ask('connection.open', { id: side.id, view }))
      else setAsked({ what: 'command', name: side.name, topic: name })
    }
    return [{ label: texts.copyFrom(side.inText), run }]
  }
  const actionsOf = (row: ShownRow): readonly RowAction[] => {
    const sides = [...(row.a === null ? [] : [a]), ...(row.b === null ? [] : [b])]
    return [...sides.flatMap((side) => openOn(side, row)), ...sides.flatMap((side) => copyFrom(side, row))]
  }
  return { actionsOf, dialog: dialogOf(asked, close) }
}

function placeOf({ kind, name }: ShownRow): string {
  switch (kind) {
    case 'topic':
      return href('topics', name, 'partitions')
    case 'config':
      return href('topics', name, 'config')
    case 'group':
      return href('groups', name)
    case 'subject':
      return href('schemas', name)
  }
}

function dialogOf(asked: Asked | null, close: () => void): ReactNode {
  switch (asked?.what) {
    case undefined:
      return null
    case 'open':
      return <OpenElsewhere name={asked.name} onClose={close} />
    case 'command':
      return <CopyElsewhere name={asked.name} topic={asked.topic} onClose={close} />
    case 'copy':
      return <CopyDialog topic={asked.topic} onClose={close} />
  }
}

/** A browser cannot open a cluster in a window of its own: the command line can copy as well. */
function CopyElsewhere({
  name,
  topic,
  onClose,
}: {
  readonly name: string
  readonly topic: string
  readonly onClose: () => void
}) {
  const word = /^[\w.-]+$/.test(name) ? name : `"${name}"`
  return (
    <Dialog
      title={texts.copyTitle(topic)}
      description={texts.copyElsewhere}
      onClose={onClose}
      actions={<Button onClick={onClose}>{shared.close}</Button>}
    >
      <Code text={`ottla copy --from ${word} --topic ${topic} --last 10000`} />
    </Dialog>
  )
}
