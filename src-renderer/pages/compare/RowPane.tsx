import { diffLines } from 'diff'
import { X } from 'lucide-react'
import { Button } from '../../parts/Button'
import { shared } from '../../texts'
import { prettyJson } from '../messages/json'
import page from '../pages.module.css'
import css from './compare.module.css'
import type { ShownRow } from './compared'
import { texts } from './texts'
import type { RowAction } from './useRowActions'
import type { Side } from './useSides'

interface Props {
  readonly row: ShownRow
  readonly a: Side
  readonly b: Side
  readonly actions: readonly RowAction[]
  readonly onClose: () => void
}

/** One row in full: both values, line by line where they are schemas, and what can be done with it. */
export function RowPane({ row, a, b, actions, onClose }: Props) {
  const { kind, name, what, verdict } = row
  const isSchema = kind === 'subject' && row.a !== null && row.b !== null && row.a !== row.b
  return (
    <aside className={page.pane} aria-label={texts.pane}>
      <div className={page.paneHead}>
        <h2>{name}</h2>
        <Button look="plain" aria-label={shared.close} onClick={onClose}>
          <X size={14} />
        </Button>
      </div>
      <p className="quiet">
        {texts.kinds[kind]} · {what} · {texts.verdict(verdict, a.inText, b.inText)}
      </p>
      <div className={css.actions}>
        {actions.map(({ label, run }) => (
          <Button key={label} onClick={run}>
            {label}
          </Button>
        ))}
      </div>
      {isSchema ? (
        <Lines a={row.a ?? ''} b={row.b ?? ''} names={[a.name, b.name]} />
      ) : (
        [[a.name, row.a] as const, [b.name, row.b] as const].map(([title, value], i) => (
          <section key={i}>
            <h3 className={page.section}>{title}</h3>
            {value === null ? (
              <p className="quiet">{texts.absent}</p>
            ) : (
              <pre className={page.value}>{shown(value)}</pre>
            )}
          </section>
        ))
      )}
    </aside>
  )
}

function Lines({ a, b, names }: { readonly a: string; readonly b: string; readonly names: readonly [string, string] }) {
  return (
    <>
      <p className="quiet">
        − {names[0]}
        <br />+ {names[1]}
      </p>
      <pre className={page.value}>
        {diffLines(`${shown(a)}\n`, `${shown(b)}\n`).map(({ value, added, removed }, i) => (
          <span key={i} className={added ? css.added : removed ? css.removed : undefined}>
            {value.replace(/^(?=[^\n]|\n.)/gm, added ? '+ ' : removed ? '− ' : '  ')}
          </span>
        ))}
      </pre>
    </>
  )
}

/** A schema with its type in front, in lines where it is JSON. */
function shown(value: string): string {
  const [, type = '', schema = ''] = /^(AVRO|JSON|PROTOBUF) (.*)$/s.exec(value) ?? []
  return schema === '' ? value : `${type}\n${prettyJson(schema)}`
}
