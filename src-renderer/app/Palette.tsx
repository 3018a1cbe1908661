import { Command } from 'cmdk'
import { useEffect, useState } from 'react'
import { pageList } from '../../src-main/contract/pages'
import { ask } from '../host'
import { useFeed } from '../stores/feed'
import { attempt } from '../stores/notices'
import { go, type Page } from '../stores/route'
import { nextTheme } from '../stores/settings'
import css from './app.module.css'

/** Everything by name: Ctrl K or ⌘K. Digits with Ctrl or ⌘ go to the pages. */
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

function Open({ close }: { readonly close: () => void }) {
  const { value: topics } = useFeed('topics', undefined)
  const { value: groups } = useFeed('groups', undefined)
  const { value: demo } = useFeed('demo', undefined)
  const to = (page: Page, subject?: string, tab?: string) => () => {
    go(page, subject, tab)
    close()
  }
  return (
    <Command className={css.palette} label="Go to" loop onKeyDown={(event) => event.key === 'Escape' && close()}>
      <Command.Input autoFocus placeholder="Go to a topic, a group, a page…" onBlur={close} />
      <Command.List onMouseDown={(event) => event.preventDefault()}>
        <Command.Empty>Nothing has this name.</Command.Empty>
        <Command.Group heading="Pages">
          {pageList.map(({ id, label, key }) => (
            <Command.Item key={id} onSelect={to(id)}>
              {label}
              <kbd className={css.key}>Ctrl {key}</kbd>
            </Command.Item>
          ))}
          <Command.Item
            onSelect={() => {
              nextTheme()
              close()
            }}
          >
            Change the theme
          </Command.Item>
          {demo && (
            <Command.Item
              onSelect={() => {
                void attempt(() => ask('demo.set', { running: !demo.running }))
                close()
              }}
            >
              {demo.running ? 'Stop the demo and clean up' : 'Play the demo'}
            </Command.Item>
          )}
        </Command.Group>
        <Command.Group heading="Topics">
          {topics?.map(({ name }) => (
            <Command.Item key={name} value={`topic ${name}`} onSelect={to('topics', name)}>
              {name}
            </Command.Item>
          ))}
        </Command.Group>
        <Command.Group heading="Groups">
          {groups?.map(({ groupId }) => (
            <Command.Item key={groupId} value={`group ${groupId}`} onSelect={to('groups', groupId)}>
              {groupId}
            </Command.Item>
          ))}
        </Command.Group>
      </Command.List>
    </Command>
  )
}
