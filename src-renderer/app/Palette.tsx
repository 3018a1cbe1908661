import { Command } from 'cmdk'
import { useEffect, useState } from 'react'
import { pageList } from '../../src-main/contract/pages'
import type { SettingLine } from '../../src-main/contract/workspace'
import { ask } from '../host'
import { compareSubject } from '../pages/compare/compared'
import { settingPlaces } from '../pages/settings/places'
import { texts as settingTexts } from '../pages/settings/texts'
import { useFocusReturn } from '../parts/useFocusReturn'
import { change, type Needs, useWhyNot, useWhyNotOf } from '../stores/can'
import { type Command as CommandName, canRun, command } from '../stores/commands'
import { useFeed } from '../stores/feed'
import { pageShortcut } from '../stores/keyboard'
import { attempt } from '../stores/notices'
import { go, type Page } from '../stores/route'
import { nextTheme, nextTimes } from '../stores/settings'
import css from './app.module.css'
import { lettersOnly, type MatchingList, matchingLists, rankOf } from './palette-matches'
import { texts } from './texts'

/** A dialog or a menu holds the focus until it is closed. */
const holdsFocus = '[aria-modal=true], [role=menu]'

/** Search over everything by name, opened with Ctrl K or ⌘K. Digits with Ctrl or ⌘ go to the pages. */
export function Palette() {
  const [open, setOpen] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey)) return
      const page = pageList.find(({ key }) => key === event.key)
      if (event.key !== 'k' && !page) return
      event.preventDefault()
      if (document.querySelector(holdsFocus)) return
      if (page) go(page.id)
      else setOpen((was) => !was)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
  return open ? <Open close={() => setOpen(false)} /> : null
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
  const giveBack = useFocusReturn()
  useEffect(() => giveBack, [])
  const { value: topics } = useFeed('topics.names', undefined)
  const { value: groups } = useFeed('groups.names', undefined)
  const { value: demo } = useFeed('demo', undefined)
  const { value: stored } = useFeed('connections', undefined)
  const { value: settings } = useFeed('settings', undefined)
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
    ...(groups ?? []).flatMap((groupId) => [
      { key: `reset ${groupId}`, label: named.resetGroup(groupId), run: to('groups', groupId, 'reset') },
      { key: `rebalances ${groupId}`, label: named.rebalancesOf(groupId), run: to('groups', groupId, 'rebalances') },
    ]),
  ]
  const lists: readonly (readonly [string, readonly Entry[]])[] = [
    [named.pages, pageList.map(({ id, label, key }) => ({ key: id, label, hint: pageShortcut(key), run: to(id) }))],
    [named.actions, search.trim() === '' ? actions : [...actions, ...actionsOf()]],
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
    [settingTexts.title, search.trim() === '' || !settings ? [] : settingsOf(settings, search)],
    [named.topics, (topics ?? []).map(({ name }) => ({ key: name, label: name, run: to('topics', name) }))],
    [named.groups, (groups ?? []).map((groupId) => ({ key: groupId, label: groupId, run: to('groups', groupId) }))],
  ]
  const found = matchingLists(lists, ({ label }) => label, search, most)
  const whyNot = useWhyNotOf()
  const [first] = found.flatMap(({ heading, shown }) =>
    shown.filter(({ needs }) => whyNot(needs) === undefined).map(({ key }) => entryId(heading, key)),
  )
  // Topics and groups may come after the first key: until the user goes on to another entry, the best match is chosen.
  const [chosen, setChosen] = useState<string | null>(null)
  useEffect(() => setChosen(null), [first])
  return (
    <Command
      className={css.palette}
      label={named.label}
      loop
      value={chosen ?? first ?? ''}
      onValueChange={setChosen}
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
        {found.map((list) => (
          <Entries key={list.heading} list={list} close={close} />
        ))}
      </Command.List>
    </Command>
  )
}

/** Settings whose names have what is typed: with letters left out, it would be found in most of the long names. */
function settingsOf(lines: readonly SettingLine[], search: string): readonly Entry[] {
  const wanted = search.trim().toLowerCase()
  return settingPlaces(lines)
    .filter(({ label }) => (rankOf(label, wanted) ?? lettersOnly) < lettersOnly)
    .map(({ label, find }) => ({
      key: find,
      label,
      run: () => go('settings', null, null, new URLSearchParams({ find }).toString()),
    }))
}

/** Identifies an entry for cmdk, which trims it. */
function entryId(heading: string, key: string): string {
  return `${heading} ${key}`.trim()
}

interface EntriesProps {
  readonly list: MatchingList<Entry>
  readonly close: () => void
}

/** The best matches of a list. */
function Entries({ list: { heading, shown, more }, close }: EntriesProps) {
  return (
    <Command.Group heading={heading}>
      {shown.map((entry) => (
        <Item key={entry.key} value={entryId(heading, entry.key)} entry={entry} close={close} />
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
    <Command.Item value={value} disabled={why !== undefined} title={why ?? undefined} onSelect={select}>
      {label}
      {why != null && <span className={css.paletteWhy}>{texts.palette.disabled}</span>}
      {hint && <kbd className={css.key}>{hint}</kbd>}
    </Command.Item>
  )
}
