import { Command } from 'cmdk'
import { useEffect, useRef, useState } from 'react'
import { pageList } from '../../src-main/contract/pages'
import { ask } from '../host'
import { compareSubject } from '../pages/compare/compared'
import { change, type Needs, useWhyNot } from '../stores/can'
import { type Command as CommandName, canRun, command } from '../stores/commands'
import { useFeed } from '../stores/feed'
import { pageShortcut } from '../stores/keyboard'
import { attempt } from '../stores/notices'
import { go, type Page } from '../stores/route'
import { nextTheme, nextTimes } from '../stores/settings'
import css from './app.module.css'
import { bestOf } from './palette-matches'
import { texts } from './texts'

/** Search over everything by name, opened with Ctrl K or ⌘K. Digits with Ctrl or ⌘ go to the pages. */
export function Palette() {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey)) return
      if (event.key === 'k') {
        event.preventDefault()
        setOpen((was) => !was)
      }
      const page = pageList.find(({ key }) => key === event.key)
      if (page) {
        event.preventDefault()
        go(page.id)
      }
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return open ? <Open close={() => setOpen(false)} /> : null
}

/** Gives the focus back to where it was, unless something else took it. */
function useFocusReturn(): void {
  const before = useRef(document.activeElement)
  useEffect(
    () => () => {
      const isFree = document.activeElement === null || document.activeElement === document.body
      if (isFree && before.current instanceof HTMLElement) before.current.focus({ preventScroll: true })
    },
    [],
  )
}

/** Entries of a group that are shown at once. */
const most = 30

interface Entry {
  readonly key: string
  readonly label: string
  readonly hint?: string | undefined
  /** What it changes in the cluster: while that is not possible, it is disabled and says why. */
  readonly needs?: Needs
  readonly run: () => void
}

function Open({ close }: { readonly close: () => void }) {
  useFocusReturn()
  const { value: topics } = useFeed('topics', undefined)
  const { value: groups } = useFeed('groups', undefined)
  const { value: demo } = useFeed('demo', undefined)
  const { value: stored } = useFeed('connections', undefined)
  const [search, setSearch] = useState('')
  const to = (page: Page, subject?: string, tab?: string) => () => go(page, subject, tab)
  const run = (name: CommandName, page?: Page, subject?: string, tab?: string) => () => {
    if (page) go(page, subject, tab)
    command(name)
  }
  const named = texts.palette
  const actions: readonly Entry[] = [
    { key: 'createTopic', label: named.createTopic, needs: 'topic.create', run: run('createTopic', 'topics') },
    ...(canRun('pause') ? [{ key: 'pause', label: named.pause, run: run('pause') }] : []),
    ...(demo
      ? [
          {
            key: 'demo',
            needs: 'demo.set' as const,
            label: demo.running ? named.stopDemo : named.playDemo,
            run: () => void attempt(() => change('demo.set', { running: !demo.running })),
          },
        ]
      : []),
    ...(stored
      ? [
          { key: 'addConnection', label: named.addConnection, run: to('connections', 'new') },
          { key: 'importConnections', label: named.importConnections, run: to('connections', 'import') },
          { key: 'compare', label: named.compare, run: to('connections', compareSubject) },
        ]
      : []),
    ...(canRun('unlock') ? [{ key: 'unlock', label: named.unlock, run: run('unlock') }] : []),
    { key: 'theme', label: named.theme, run: nextTheme },
    { key: 'times', label: named.times, run: nextTimes },
    { key: 'keys', label: named.keys, run: run('keys') },
  ]
  // One action per topic and group would bury everything else: they appear with a search.
  const actionsOf = (): readonly Entry[] => [
    ...(topics ?? [])
      .filter(({ internal }) => !internal)
      .map(({ name }) => ({
        key: `produce ${name}`,
        label: named.produceTo(name),
        needs: 'messages.produce' as const,
        run: run('produce', 'topics', name, 'messages'),
      })),
    ...(groups ?? []).flatMap(({ groupId }) => [
      { key: `reset ${groupId}`, label: named.resetGroup(groupId), run: to('groups', groupId, 'reset') },
      { key: `rebalances ${groupId}`, label: named.rebalancesOf(groupId), run: to('groups', groupId, 'rebalances') },
    ]),
  ]
  const lists: readonly (readonly [string, readonly Entry[]])[] = [
    [named.pages, pageList.map(({ id, label, key }) => ({ key: id, label, hint: pageShortcut(key), run: to(id) }))],
    [named.actions, actions],
    [
      named.connections,
      (stored?.connections ?? []).map(({ id, name }) => ({
        key: id,
        label: named.openConnection(name),
        run: stored?.opensWindows
          ? () => void attempt(() => ask('connection.open', { id, view: null }))
          : to('connections', id),
      })),
    ],
    [named.topics, (topics ?? []).map(({ name }) => ({ key: name, label: name, run: to('topics', name) }))],
    [named.groups, (groups ?? []).map(({ groupId }) => ({ key: groupId, label: groupId, run: to('groups', groupId) }))],
    ...(search.trim() === '' ? [] : [[named.actions, actionsOf()] as const]),
  ]
  return (
    <Command
      className={css.palette}
      label={named.label}
      loop
      // What matches is found here: thousands of entries in the document would make each key slow.
      shouldFilter={false}
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <Command.Input
        autoFocus
        placeholder={named.placeholder}
        value={search}
        onValueChange={setSearch}
        onBlur={close}
      />
      <Command.List onMouseDown={(event) => event.preventDefault()}>
        <Command.Empty>{named.empty}</Command.Empty>
        {lists.map(([heading, entries], i) => (
          <Entries key={i} heading={heading} entries={entries} search={search} close={close} />
        ))}
      </Command.List>
    </Command>
  )
}

interface EntriesProps {
  readonly heading: string
  readonly entries: readonly Entry[]
  readonly search: string
  readonly close: () => void
}

/** The best matches of a group. */
function Entries({ heading, entries, search, close }: EntriesProps) {
  const { shown, more } = bestOf(entries, ({ label }) => label, search, most)
  if (shown.length === 0) return null
  return (
    <Command.Group heading={heading}>
      {shown.map((entry) => (
        <Item key={entry.key} value={`${heading} ${entry.key}`} entry={entry} close={close} />
      ))}
      {more > 0 && <p className={css.paletteMore}>{texts.palette.more(more)}</p>}
    </Command.Group>
  )
}

interface ItemProps {
  readonly value: string
  readonly entry: Entry
  readonly close: () => void
}

function Item({ value, entry: { label, hint, needs, run }, close }: ItemProps) {
  const why = useWhyNot(needs)
  const select = () => {
    close()
    run()
  }
  return (
    <Command.Item value={value} disabled={why !== undefined} title={why} onSelect={select}>
      {label}
      {why !== undefined && <span className={css.paletteWhy}>{texts.palette.readOnly}</span>}
      {hint && <kbd className={css.key}>{hint}</kbd>}
    </Command.Item>
  )
}
