import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { visible } from '../../format/controls'
import { Button } from '../../parts/Button'
import { ContextMenu } from '../../parts/ContextMenu'
import { Found } from '../../parts/Found'
import type { MenuItem } from '../../parts/Menu'
import type { JsonNode } from './json'
import { type Folds, foldsFor, type JsonLine, linesOf, lineText } from './json-lines'
import css from './messages.module.css'
import { texts } from './texts'

/** So many lines are drawn at once, and again with each request for more. */
const slice = 500

interface Props {
  readonly root: JsonNode
  readonly folds: Folds
  readonly onFolds: (folds: Folds) => void
  readonly find: string
  /** Which match is the current one. */
  readonly match: number
  readonly onMatches: (count: number) => void
  /** Actions of a field or item. */
  readonly itemsOf: (line: JsonLine) => readonly MenuItem[]
}

/** A JSON value as a tree. Arrows move and fold, the menu key opens the actions of a node. */
export function JsonTree({ root, folds, onFolds, find, match, onMatches, itemsOf }: Props) {
  const tree = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState(0)
  const [drawn, setDrawn] = useState(slice)
  const [menu, setMenu] = useState<{ readonly x: number; readonly y: number; readonly line: JsonLine } | null>(null)
  const lines = useMemo(() => linesOf(root, foldsFor(root, find, folds)), [root, find, folds])
  const matches = useMemo(() => {
    const wanted = find.toLowerCase()
    return wanted === '' ? [] : lines.flatMap((line, i) => (lineText(line).toLowerCase().includes(wanted) ? [i] : []))
  }, [lines, find])
  useEffect(() => onMatches(matches.length), [matches, onMatches])
  const current = matches[match % Math.max(1, matches.length)]
  useEffect(() => {
    if (current !== undefined) show(current)
  }, [current])
  const lineAt = (index: number) => tree.current?.querySelector<HTMLElement>(`[data-line="${index}"]`)
  const show = (index: number) => {
    setAt(index)
    if (index >= drawn) setDrawn(index + slice)
    requestAnimationFrame(() => lineAt(index)?.scrollIntoView({ block: 'nearest' }))
  }
  const fold = ({ path, node }: JsonLine, isOpen: boolean) => {
    if (node.kind !== 'scalar') onFolds({ ...folds, own: new Map([...folds.own, [path, isOpen]]) })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[at]
    if (!line || event.ctrlKey || event.metaKey || event.altKey) return
    const moves: Readonly<Record<string, number>> = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      Home: 0,
      End: lines.length - 1,
    }
    const to = moves[event.key]
    if (to !== undefined) show(Math.min(lines.length - 1, Math.max(0, to)))
    else if (event.key === 'ArrowRight') fold(line, true)
    else if (event.key === 'ArrowLeft') {
      if (line.isOpen) fold(line, false)
      else
        show(
          Math.max(
            0,
            lines.findLastIndex((other, i) => i < at && other.depth < line.depth),
          ),
        )
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (line.node.kind === 'scalar') openMenu(line, at)
      else fold(line, !line.isOpen)
    } else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) openMenu(line, at)
    else return
    event.preventDefault()
    event.stopPropagation()
  }
  const openMenu = (line: JsonLine, index: number) => {
    const box = lineAt(index)?.getBoundingClientRect()
    setMenu({ x: (box?.left ?? 0) + 40, y: box?.bottom ?? 0, line })
  }
  return (
    <>
      <div
        ref={tree}
        className={css.json}
        role="tree"
        tabIndex={0}
        aria-label={texts.json.tree}
        aria-activedescendant={`json-line-${Math.min(at, drawn - 1)}`}
        onKeyDown={onKeyDown}
      >
        {lines.slice(0, drawn).map((line, i) => (
          <div
            key={line.path}
            id={`json-line-${i}`}
            data-line={i}
            role="treeitem"
            tabIndex={-1}
            aria-level={line.depth + 1}
            aria-selected={i === at}
            aria-expanded={line.node.kind === 'scalar' || line.node.entries.length === 0 ? undefined : line.isOpen}
            className={i === at ? `${css.jsonLine} ${css.jsonAt}` : css.jsonLine}
            style={{ paddingLeft: 14 + 14 * line.depth }}
            onClick={() => {
              setAt(i)
              if (line.node.kind !== 'scalar') fold(line, !line.isOpen)
              tree.current?.focus({ preventScroll: true })
            }}
            onContextMenu={(event) => {
              event.preventDefault()
              setAt(i)
              setMenu({ x: event.clientX, y: event.clientY, line })
            }}
          >
            <Line line={line} find={find} />
          </div>
        ))}
      </div>
      {lines.length > drawn && (
        <Button onClick={() => setDrawn(drawn + slice)}>{texts.json.more(lines.length - drawn)}</Button>
      )}
      {menu && (
        <ContextMenu
          label={texts.json.actions}
          x={menu.x}
          y={menu.y}
          items={itemsOf(menu.line)}
          onClose={() => setMenu(null)}
        />
      )}
    </>
  )
}

function Line({ line: { name, node, isOpen }, find }: { readonly line: JsonLine; readonly find: string }) {
  const label =
    name === undefined ? null : (
      <span className={css.jsonName}>
        <Found text={visible(name)} words={[find]} />:{' '}
      </span>
    )
  if (node.kind === 'scalar') {
    return (
      <>
        {label}
        <span className={node.source.startsWith('"') ? css.jsonText : css.jsonScalar}>
          <Found text={visible(node.source)} words={[find]} />
        </span>
      </>
    )
  }
  const [open, close] = node.kind === 'object' ? ['{', '}'] : ['[', ']']
  if (node.entries.length === 0) {
    return (
      <>
        {label}
        {open}
        {close}
      </>
    )
  }
  return (
    <>
      <span className={css.jsonFold} aria-hidden>
        {isOpen ? '▾' : '▸'}
      </span>
      {label}
      {open} <span className="quiet">{node.entries.length}</span> {close}
    </>
  )
}
