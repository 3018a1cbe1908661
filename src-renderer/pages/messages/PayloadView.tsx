import { ChevronsDownUp, ChevronsUpDown, Download } from 'lucide-react'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import type { Cell } from '../../../src-main/contract/messages'
import { visible } from '../../format/controls'
import { placesOf } from '../../format/found'
import { bytes } from '../../format/numbers'
import { Button } from '../../parts/Button'
import { Field } from '../../parts/Field'
import { Found } from '../../parts/Found'
import type { MenuItem } from '../../parts/Menu'
import { href } from '../../stores/route'
import page from '../pages.module.css'
import { SchemaLink } from '../schemas/SchemaLink'
import { JsonTree } from './JsonTree'
import { prettyJson, readJson } from './json'
import { type JsonLine, noFolds } from './json-lines'
import { isJsonCell, xmlOf } from './message-text'
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
  readonly onSave: () => void
  /** Actions of a field or item of JSON. */
  readonly itemsOf: (line: JsonLine) => readonly MenuItem[]
}

/** A key or a value in full. */
export function PayloadView(props: Props) {
  const { cell, hex, nullText, look: wanted, onLook, onDecode, onSave, itemsOf } = props
  const tree = useMemo(() => (isJsonCell(cell) && cell.kind !== 'null' ? readJson(cell.text) : undefined), [cell])
  const xml = useMemo(() => xmlOf(cell), [cell])
  const [folds, setFolds] = useState(noFolds)
  const finding = useFinding()
  useEffect(() => setFolds(noFolds), [cell])
  const looks = looksOf(cell, tree !== undefined, xml !== undefined)
  const look = wanted !== null && looks.includes(wanted) ? wanted : (looks[0] as Look)
  const text = useMemo(() => textOf(cell, hex, look, xml), [cell, hex, look, xml])
  if (cell.kind === 'null') return <p className={page.null}>{nullText}</p>
  return (
    <div onKeyDown={finding.onKeyDown}>
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
      <div className={css.finding}>
        <Field
          ref={finding.field}
          aria-label={texts.json.find}
          placeholder={texts.json.find}
          value={finding.find}
          onChange={(event) => finding.setFind(event.target.value)}
        />
        {finding.find !== '' && (
          <span className="quiet" role="status">
            {texts.json.matches(finding.count === 0 ? 0 : (finding.match % finding.count) + 1, finding.count)}
          </span>
        )}
        <span className={page.spacer} />
        {look === 'tree' && (
          <>
            <Button
              look="plain"
              aria-label={texts.json.expandAll}
              title={texts.json.expandAll}
              onClick={() => setFolds({ all: 'open', own: new Map() })}
            >
              <ChevronsUpDown size={14} />
            </Button>
            <Button
              look="plain"
              aria-label={texts.json.collapseAll}
              title={texts.json.collapseAll}
              onClick={() => setFolds({ all: 'folded', own: new Map([['', true]]) })}
            >
              <ChevronsDownUp size={14} />
            </Button>
          </>
        )}
        <Button look="plain" aria-label={texts.json.save} title={texts.json.save} onClick={onSave}>
          <Download size={14} />
        </Button>
      </div>
      {cell.schema && (
        <p>
          <SchemaLink schema={cell.schema}>
            {texts.pane.schema(cell.schema.subject, cell.schema.version, cell.schema.id)}
          </SchemaLink>
        </p>
      )}
      {cell.problem && (
        <p className={css.problem} role="alert">
          {cell.problem} {cell.isUnknownSchema && <a href={href('schemas')}>{texts.pane.otherRegistry}</a>}
        </p>
      )}
      {look === 'tree' && tree ? (
        <JsonTree
          root={tree}
          folds={folds}
          onFolds={setFolds}
          find={finding.find}
          match={finding.match}
          onMatches={finding.setCount}
          itemsOf={itemsOf}
        />
      ) : (
        // Another look begins at its beginning.
        <Text key={look} text={text} finding={finding} />
      )}
    </div>
  )
}

function looksOf({ kind }: Cell, isTree: boolean, isXml: boolean): readonly Look[] {
  if (isTree) return ['tree', 'text', 'raw', 'hex']
  if (isXml) return ['text', 'raw', 'hex']
  return kind === 'binary' ? ['hex'] : ['raw', 'hex']
}

function textOf(cell: Cell, hex: string | null, look: Look, xml: string | undefined): string {
  if (cell.kind === 'null' || look === 'tree') return ''
  if (look === 'hex') return hexLines(hex ?? '')
  return visible(look === 'text' ? (xml ?? prettyJson(cell.text)) : cell.text)
}

type Finding = ReturnType<typeof useFinding>

/** A search within one key or value; Enter goes to the next match, Shift Enter to the one before, Ctrl F begins. */
function useFinding() {
  const field = useRef<HTMLInputElement>(null)
  const [find, setText] = useState('')
  const [match, setMatch] = useState(0)
  const [count, setCount] = useState(0)
  const setFind = (text: string) => {
    setText(text)
    setMatch(0)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'f' && (event.ctrlKey || event.metaKey)) field.current?.select()
    else if (event.target !== field.current) return
    else if (event.key === 'Enter' && count > 0) setMatch((match + (event.shiftKey ? count - 1 : 1)) % count)
    else if (event.key === 'Escape' && find !== '') setFind('')
    else return
    event.preventDefault()
  }
  return { field, find, setFind, match, count, setCount, onKeyDown }
}

/** Characters that are shown at once: a browser needs seconds to lay out a megabyte. */
const slice = 20_000

/** After the last whole line before `most`, where there is one; never within a surrogate pair. */
function endOfPart(text: string, most: number): number {
  if (text.length <= most) return text.length
  const line = text.lastIndexOf('\n', most)
  if (line > most - slice) return line + 1
  return /[\uD800-\uDBFF]/.test(text[most - 1] ?? '') ? most - 1 : most
}

/** Text of any length: a part of it, and as far as the current match. */
function Text({ text, finding }: { readonly text: string; readonly finding: Finding }) {
  const { find, match, setCount } = finding
  const box = useRef<HTMLPreElement>(null)
  const places = useMemo(() => placesOf(text, [find]), [text, find])
  const [shown, setShown] = useState(slice)
  const current = find === '' ? 0 : (places[match]?.at ?? 0)
  const end = endOfPart(text, current < shown ? shown : current + slice)
  useEffect(() => setCount(places.length), [places, setCount])
  useEffect(() => {
    if (find !== '') box.current?.querySelectorAll('mark')[match]?.scrollIntoView({ block: 'nearest' })
  }, [find, match])
  return (
    <>
      <pre ref={box} className={page.value}>
        <Found text={text.slice(0, end)} words={[find]} />
      </pre>
      {end < text.length && (
        <Button onClick={() => setShown(end + slice)}>{texts.pane.moreText(text.length - end)}</Button>
      )}
    </>
  )
}

/** 8 bytes to a line, as a hex editor shows them: so many have room in the pane. */
function hexLines(hex: string): string {
  const lines: string[] = []
  for (let at = 0; at < hex.length; at += 16) {
    const part = hex.slice(at, at + 16)
    const pairs = part.match(/../g) ?? []
    const text = pairs.map((pair) => {
      const code = Number.parseInt(pair, 16)
      return code >= 32 && code < 127 ? String.fromCharCode(code) : '·'
    })
    lines.push(`${(at / 2).toString(16).padStart(6, '0')}  ${pairs.join(' ').padEnd(23)}  ${text.join('')}`)
  }
  return lines.join('\n')
}
