import { ArrowLeftRight, RotateCw } from 'lucide-react'
import { useDeferredValue, useMemo, useState } from 'react'
import { comparedParts } from '../../../src-main/contract/comparison'
import type { ConnectionsView } from '../../../src-main/contract/connections'
import { Button } from '../../parts/Button'
import { ContextMenu } from '../../parts/ContextMenu'
import { Problem } from '../../parts/Dialog'
import { Empty } from '../../parts/Empty'
import { Choice } from '../../parts/Field'
import { FindField } from '../../parts/ListHeader'
import { Menu } from '../../parts/Menu'
import { Table } from '../../parts/Table'
import { Tabs } from '../../parts/Tabs'
import type { Point } from '../../parts/table-props'
import { attempt } from '../../stores/notices'
import { useQueryState } from '../../stores/query-state'
import { go, href, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { columnsOf } from './columns'
import css from './compare.module.css'
import {
  type CompareView,
  compareSubject,
  countOf,
  countsOf,
  here,
  type Kind,
  kinds,
  listed,
  rowKey,
  type ShownRow,
  viewOf,
  viewQuery,
  withThings,
} from './compared'
import { RowPane } from './RowPane'
import { rowsAsJson, rowsAsText } from './rows-text'
import { ShownRows } from './ShownRows'
import { texts } from './texts'
import { type Comparison, useComparison } from './useComparison'
import { useRowActions } from './useRowActions'
import { type Side, useSides } from './useSides'

/** Two clusters side by side: what each has, what is not the same, and what a cluster does not tell. */
export function ComparePage({ view: { connections, opensWindows } }: { readonly view: ConnectionsView }) {
  const { tab } = useRoute()
  const kind = kinds.find((one) => one === tab) ?? null
  // A link leads to the same comparison.
  const [view, change] = useQueryState(viewOf, viewQuery)
  const [run, setRun] = useState(0)
  const [open, setOpen] = useState<string | null>(null)
  const [menu, setMenu] = useState<{ readonly row: ShownRow; readonly at: Point } | null>(null)
  const [a, b] = useSides(connections, view.a, view.b)
  const comparison = useComparison(view.a, view.b, run)
  const find = useDeferredValue(view.find)
  const { defaults, activity, shown } = view
  const rows = useMemo(() => withThings(comparison.rows, { defaults, activity }), [comparison.rows, defaults, activity])
  const counts = useMemo(() => countsOf(rows), [rows])
  const visible = useMemo(() => listed(rows, kind, { shown, find }), [rows, kind, shown, find])
  const columns = useMemo(() => columnsOf(a, b), [a.name, b.name])
  const { actionsOf, dialog } = useRowActions(a, b, opensWindows)
  const selected = open === null ? undefined : rows.find((row) => rowKey(row) === open)
  const differences = (of: Kind | null) =>
    countOf(counts, of, 'onlyA') + countOf(counts, of, 'onlyB') + countOf(counts, of, 'different')
  const copy = (text: string) =>
    attempt(() => navigator.clipboard.writeText(text), texts.copied(visible.length)).then(() => {})
  // Nothing is told of a side that is not chosen.
  const isChosen = view.a !== '' && view.b !== ''
  const empty = (
    <Empty
      action={
        connections.length === 0 && <Button onClick={() => go('connections', 'new')}>{texts.addConnection}</Button>
      }
    >
      {emptyText(view, comparison, connections.length, rows, countOf(counts, kind, 'same'))}
    </Empty>
  )
  const titles = [texts.columns.kind, texts.columns.name, texts.columns.what, a.name, b.name]
  return (
    <>
      <header className={`${page.header} ${page.wraps}`}>
        <a className={page.crumb} href={href('connections')}>
          {texts.back} /
        </a>
        <h1>{texts.title}</h1>
        <Tabs
          label={texts.views}
          current={kind ?? 'all'}
          tabs={[null, ...kinds].map((of) => ({
            id: of ?? 'all',
            label: texts.tab(of, differences(of)),
            href: `${href('connections', compareSubject, of)}?${viewQuery(view)}`,
          }))}
        />
        <span className={page.spacer} />
        <span role="status" className="quiet">
          {statusOf(comparison, differences(null))}
        </span>
      </header>
      <div className={css.bar}>
        <SideChoice label={texts.left} side={a} connections={connections} onChoose={(id) => change({ a: id })} />
        <Button
          look="plain"
          aria-label={texts.swap}
          title={texts.swap}
          onClick={() => change({ a: view.b, b: view.a })}
        >
          <ArrowLeftRight size={14} />
        </Button>
        <SideChoice label={texts.right} side={b} connections={connections} onChoose={(id) => change({ b: id })} />
        <Button
          look="plain"
          aria-label={texts.again}
          title={texts.again}
          disabled={!isChosen}
          onClick={() => setRun(run + 1)}
        >
          <RotateCw size={14} />
        </Button>
        <span className={page.spacer} />
        {isChosen && (
          <>
            <span className={css.find}>
              <FindField
                label={texts.find}
                placeholder={texts.findPlaceholder}
                value={view.find}
                onChange={(text) => change({ find: text })}
              />
            </span>
            <ShownRows
              view={view}
              a={a}
              b={b}
              countOf={(verdict) => countOf(counts, kind, verdict)}
              onChange={change}
            />
            <Menu
              label={texts.copy}
              items={[
                {
                  label: texts.asText,
                  disabled: visible.length === 0,
                  onSelect: () => void copy(rowsAsText(visible, titles)),
                },
                { label: texts.asJson, disabled: visible.length === 0, onSelect: () => void copy(rowsAsJson(visible)) },
              ]}
            />
          </>
        )}
      </div>
      <Notes comparison={comparison} a={a} b={b} />
      {isChosen ? (
        <div className={page.split}>
          <div>
            <Table
              label={texts.title}
              list="comparison"
              rows={visible}
              columns={columns}
              rowKey={rowKey}
              selected={open}
              onSelect={(row) => setOpen(rowKey(row))}
              onMenu={(row, at) => setMenu({ row, at })}
              empty={empty}
            />
          </div>
          {selected && (
            <RowPane row={selected} a={a} b={b} actions={actionsOf(selected)} onClose={() => setOpen(null)} />
          )}
        </div>
      ) : (
        empty
      )}
      {menu && (
        <ContextMenu
          label={texts.actionsOf(menu.row.name)}
          {...menu.at}
          items={actionsOf(menu.row).map(({ label, run: onSelect }) => ({ label, onSelect }))}
          onClose={() => setMenu((now) => (now === menu ? null : now))}
        />
      )}
      {dialog}
    </>
  )
}

interface SideChoiceProps {
  readonly label: string
  readonly side: Side
  readonly connections: ConnectionsView['connections']
  readonly onChoose: (id: string) => void
}

function SideChoice({ label, side, connections, onChoose }: SideChoiceProps) {
  const isKnown = side.id === '' || side.isHere || connections.some(({ id }) => id === side.id)
  return (
    <Choice aria-label={label} title={label} value={side.id} onChange={({ target }) => onChoose(target.value)}>
      <option value="">{texts.choose}</option>
      <option value={here}>{side.hereLabel}</option>
      {connections.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
      {!isKnown && <option value={side.id}>{texts.gone}</option>}
    </Choice>
  )
}

/** What a cluster does not tell, and what the two have to do with each other. */
function Notes({
  comparison: { untold, reached, problem },
  a,
  b,
}: {
  readonly comparison: Comparison
  readonly a: Side
  readonly b: Side
}) {
  const nameOf = { a: a.name, b: b.name }
  const isSame = typeof reached.a === 'string' && reached.a !== '' && reached.a === reached.b
  const notes = [
    ...(isSame ? [texts.sameCluster] : []),
    ...untold.map(({ side, part, isAll, why }) => {
      if (part === null) return texts.failed(nameOf[side], why)
      return isAll ? texts.untold(nameOf[side], part, why) : texts.partly(nameOf[side], why)
    }),
  ]
  return (
    <>
      {problem !== null && (
        <div className={page.bar}>
          <Problem text={problem} />
        </div>
      )}
      {notes.length > 0 && (
        <ul className={css.notes} aria-label={texts.notes}>
          {notes.map((note, i) => (
            <li key={i}>{note}</li>
          ))}
        </ul>
      )}
    </>
  )
}

function statusOf({ isRunning, done, rows }: Comparison, differences: number): string {
  if (isRunning) return texts.status.running(comparedParts.filter((part) => !done.includes(part)))
  return done.length === 0 && rows.length === 0 ? '' : texts.status.done(differences)
}

function emptyText(
  { a, b, find }: CompareView,
  { isRunning, done }: Comparison,
  connections: number,
  rows: readonly ShownRow[],
  same: number,
): string {
  if (connections === 0) return texts.noConnections
  if (a === '' || b === '') return texts.about
  if (a === b) return texts.sameSide
  if (isRunning) return texts.empty.running
  if (done.length === 0) return texts.about
  if (find !== '' || rows.some(({ verdict }) => verdict !== 'same')) return texts.empty.noMatch
  return same > 0 ? texts.empty.folded(same) : texts.empty.none
}
