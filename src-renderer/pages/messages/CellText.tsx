import type { Cell } from '../../../src-main/contract/messages'
import { visible } from '../../format/controls'
import { bytes } from '../../format/numbers'
import page from '../pages.module.css'
import { texts } from './texts'

/** A key or value in a table. Null and empty are shown as different things. */
export function CellText({ cell, nullText = texts.cell.null }: { readonly cell: Cell; readonly nullText?: string }) {
  if (cell.kind === 'null') return <span className={page.null}>{nullText}</span>
  if (cell.kind === 'binary') {
    return (
      <span className="data quiet">
        {bytes(cell.sizeBytes)} {cell.text.slice(0, 64)}
      </span>
    )
  }
  if (cell.text === '') return <span className="quiet">{texts.cell.empty}</span>
  return <span className="data">{visible(cell.text).replaceAll('\n', '↵')}</span>
}
