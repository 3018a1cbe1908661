import { useMemo } from 'react'
import type { Cell } from '../../../src-main/contract/messages'
import { visible } from '../../format/controls'
import { bytes } from '../../format/numbers'
import page from '../pages.module.css'
import { SchemaLink } from '../schemas/SchemaLink'
import { JsonTree } from './JsonTree'
import { prettyJson, readJson } from './json'
import { isJsonCell } from './message-text'
import css from './messages.module.css'
import { texts } from './texts'

/** As a foldable tree, as indented text, as written, or as bytes. */
export type Look = 'tree' | 'text' | 'raw' | 'hex'

interface Props {
  readonly cell: Cell
  readonly hex: string | null
  readonly nullText: string
  /** The last choice; where it does not apply, the best one is shown. */
  readonly look: Look | null
  readonly onLook: (look: Look) => void
  readonly onDecode: () => void
}

/** A key or a value in full. */
export function PayloadView({ cell, hex, nullText, look: wanted, onLook, onDecode }: Props) {
  const tree = useMemo(() => (isJsonCell(cell) && cell.kind !== 'null' ? readJson(cell.text) : undefined), [cell])
  if (cell.kind === 'null') return <p className={page.null}>{nullText}</p>
  const looks: readonly Look[] = tree
    ? ['tree', 'text', 'raw', 'hex']
    : cell.kind === 'binary'
      ? ['hex']
      : ['raw', 'hex']
  const look = wanted !== null && looks.includes(wanted) ? wanted : (looks[0] as Look)
  return (
    <>
      <div className={css.looks}>
        <button type="button" className={css.decoder} onClick={onDecode} title={texts.pane.decoder}>
          {cell.kind === 'binary' ? texts.pane.bytes : cell.kind} ▾
        </button>
        <span className="quiet">
          {bytes(cell.sizeBytes)}
          {cell.cut ? ` · ${texts.pane.cut}` : ''}
        </span>
        <span className={page.spacer} />
        {looks.length > 1 &&
          looks.map((id) => (
            <button key={id} type="button" aria-pressed={id === look} onClick={() => onLook(id)}>
              {texts.pane.looks[id]}
            </button>
          ))}
      </div>
      {cell.schema && (
        <p>
          <SchemaLink schema={cell.schema}>
            {texts.pane.schema(cell.schema.subject, cell.schema.version, cell.schema.id)}
          </SchemaLink>
        </p>
      )}
      {cell.problem && (
        <p className="danger" role="alert">
          {cell.problem}
        </p>
      )}
      {look === 'tree' && tree ? (
        <div className={css.json}>
          <JsonTree node={tree} />
        </div>
      ) : (
        <pre className={page.value}>
          {look === 'hex' ? hexLines(hex ?? '') : visible(look === 'text' ? prettyJson(cell.text) : cell.text)}
        </pre>
      )}
    </>
  )
}

/** 16 bytes to a line, as a hex editor shows them. */
function hexLines(hex: string): string {
  const lines: string[] = []
  for (let at = 0; at < hex.length; at += 32) {
    const part = hex.slice(at, at + 32)
    const pairs = part.match(/../g) ?? []
    const text = pairs.map((pair) => {
      const code = Number.parseInt(pair, 16)
      return code >= 32 && code < 127 ? String.fromCharCode(code) : '·'
    })
    lines.push(`${(at / 2).toString(16).padStart(6, '0')}  ${pairs.join(' ').padEnd(47)}  ${text.join('')}`)
  }
  return lines.join('\n')
}
