import { Command } from 'cmdk'
import { useEffect, useRef, useState } from 'react'
import { pageList } from '../../src-main/contract/pages'
import { ask } from '../host'
import { type Command as CommandName, canRun, command } from '../stores/commands'
import { useFeed } from '../stores/feed'
import { modifier } from '../stores/keyboard'
import { attempt } from '../stores/notices'
import { go, type Page } from '../stores/route'
import { nextTheme, nextTimes } from '../stores/settings'
import css from './app.module.css'
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

function Open({ close }: { readonly close: () => void }) {
  useFocusReturn()
  const { value: topics } = useFeed('topics', undefined)
  const { value: groups } = useFeed('groups', undefined)
  const { value: demo } = useFeed('demo', undefined)
  const { value: stored } = useFeed('connections', undefined)
  const [search, setSearch] = useState('')
  const then = (action: () => void) => () => {
    close()
    action()
  }
  const to = (page: Page, subject?: string, tab?: string) => then(() => go(page, subject, tab))
  const run = (name: CommandName, page?: Page, subject?: string, tab?: string) =>
    then(() => {
      if (page) go(page, subject, tab)
      command(name)
    })
  const isSearching = search.trim() !== ''
  return (
    <Command
      className={css.palette}
      label={texts.palette.label}
      loop
      onKeyDown={(event) => event.key === 'Escape' && close()}
    >
      <Command.Input
        autoFocus
        placeholder={texts.palette.placeholder}
        value={search}
        onValueChange={setSearch}
        onBlur={close}
      />
      <Command.List onMouseDown={(event) => event.preventDefault()}>
        <Command.Empty>{texts.palette.empty}</Command.Empty>
        <Command.Group heading={texts.palette.pages}>
          {pageList.map(({ id, label, key }) => (
            <Command.Item key={id} onSelect={to(id)}>
              {label}
              <kbd className={css.key}>
                {modifier} {key}
              </kbd>
            </Command.Item>
          ))}
        </Command.Group>
        <Command.Group heading={texts.palette.actions}>
          <Command.Item onSelect={run('createTopic', 'topics')}>{texts.palette.createTopic}</Command.Item>
          {canRun('pause') && <Command.Item onSelect={run('pause')}>{texts.palette.pause}</Command.Item>}
          {demo && (
            <Command.Item onSelect={then(() => void attempt(() => ask('demo.set', { running: !demo.running })))}>
              {demo.running ? texts.palette.stopDemo : texts.palette.playDemo}
            </Command.Item>
          )}
          {stored && (
            <>
              <Command.Item onSelect={to('connections', 'new')}>{texts.palette.addConnection}</Command.Item>
              <Command.Item onSelect={to('connections', 'import')}>{texts.palette.importConnections}</Command.Item>
            </>
          )}
          {canRun('unlock') && <Command.Item onSelect={run('unlock')}>{texts.palette.unlock}</Command.Item>}
          <Command.Item onSelect={then(nextTheme)}>{texts.palette.theme}</Command.Item>
          <Command.Item onSelect={then(nextTimes)}>{texts.palette.times}</Command.Item>
          <Command.Item onSelect={run('keys')}>{texts.palette.keys}</Command.Item>
        </Command.Group>
        {stored && stored.connections.length > 0 && (
          <Command.Group heading={texts.palette.connections}>
            {stored.connections.map(({ id, name }) => (
              <Command.Item
                key={id}
                value={`connection ${name}`}
                onSelect={
                  stored.opensWindows
                    ? then(() => void attempt(() => ask('connection.open', { id })))
                    : to('connections', id)
                }
              >
                {texts.palette.openConnection(name)}
              </Command.Item>
            ))}
          </Command.Group>
        )}
        <Command.Group heading={texts.palette.topics}>
          {topics?.map(({ name }) => (
            <Command.Item key={name} value={`topic ${name}`} onSelect={to('topics', name)}>
              {name}
            </Command.Item>
          ))}
        </Command.Group>
        <Command.Group heading={texts.palette.groups}>
          {groups?.map(({ groupId }) => (
            <Command.Item key={groupId} value={`group ${groupId}`} onSelect={to('groups', groupId)}>
              {groupId}
            </Command.Item>
          ))}
        </Command.Group>
        {/* One action per topic and group would bury everything else: they appear with a search. */}
        {isSearching && (
          <Command.Group heading={texts.palette.actions}>
            {topics
              ?.filter(({ internal }) => !internal)
              .map(({ name }) => (
                <Command.Item
                  key={name}
                  value={texts.palette.produceTo(name)}
                  onSelect={run('produce', 'topics', name, 'messages')}
                >
                  {texts.palette.produceTo(name)}
                </Command.Item>
              ))}
            {groups?.map(({ groupId }) => (
              <Command.Item
                key={`reset ${groupId}`}
                value={texts.palette.resetGroup(groupId)}
                onSelect={to('groups', groupId, 'reset')}
              >
                {texts.palette.resetGroup(groupId)}
              </Command.Item>
            ))}
            {groups?.map(({ groupId }) => (
              <Command.Item
                key={`rebalances ${groupId}`}
                value={texts.palette.rebalancesOf(groupId)}
                onSelect={to('groups', groupId, 'rebalances')}
              >
                {texts.palette.rebalancesOf(groupId)}
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command>
  )
}
