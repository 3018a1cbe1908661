import type { SettingLine, WorkspaceStatus } from '../../../src-main/contract/workspace'
import { desktop } from '../../desktop'
import { Button } from '../../parts/Button'
import { useFeed } from '../../stores/feed'
import page from '../pages.module.css'
import { Appearance } from './Appearance'
import { Listening } from './Listening'
import { Row, Section } from './Row'
import { SaveCopy } from './SaveCopy'
import { Setting } from './Setting'

export function SettingsPage() {
  const { value: lines } = useFeed('settings', undefined)
  const { value: status } = useFeed('workspace', undefined)
  return (
    <>
      <header className={page.header}>
        <h1>Settings</h1>
      </header>
      <div className={page.scroll}>
        <Appearance />
        {lines && status && <OfWorkspace lines={lines} status={status} />}
      </div>
    </>
  )
}

/** What lies in the workspace, by its sections. */
function OfWorkspace({ lines, status }: { readonly lines: readonly SettingLine[]; readonly status: WorkspaceStatus }) {
  const sections = [...new Set(lines.map(({ section }) => section))]
  return (
    <>
      {sections.map((section) => {
        const own = lines.filter((line) => line.section === section)
        return (
          <Section key={section} title={section}>
            {section === 'Listening' ? (
              <Listening listeners={status.listeners} lines={own} />
            ) : (
              own.map((line) => <Setting key={line.name} line={line} />)
            )}
          </Section>
        )
      })}
      <Section title="Workspace">
        <Row label="File" note="Topics, messages, offsets, groups and these settings lie in it.">
          <span className="data">{status.file ?? 'in memory: nothing is kept when the broker ends'}</span>
        </Row>
        <SaveCopy file={status.file} />
        {desktop && (
          <Row
            label="Start again"
            note="Stops the broker and starts it, so that what takes effect then does. Clients connect again by themselves."
          >
            <Button onClick={() => desktop?.restartBroker()}>Start again</Button>
          </Row>
        )}
      </Section>
    </>
  )
}
