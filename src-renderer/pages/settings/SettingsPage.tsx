import type { SettingLine, WorkspaceStatus } from '../../../src-main/contract/workspace'
import { desktop } from '../../desktop'
import { Button } from '../../parts/Button'
import { useFeed } from '../../stores/feed'
import { Alerts } from '../alerts/Alerts'
import page from '../pages.module.css'
import { Appearance } from './Appearance'
import { FreeSpace } from './FreeSpace'
import { Listening } from './Listening'
import { Row, Section } from './Row'
import { SaveCopy } from './SaveCopy'
import { Setting } from './Setting'
import { texts } from './texts'

export function SettingsPage() {
  const { value: lines } = useFeed('settings', undefined)
  const { value: status } = useFeed('workspace', undefined)
  return (
    <>
      <header className={page.header}>
        <h1>{texts.title}</h1>
      </header>
      <div className={page.scroll}>
        <Appearance />
        <Alerts />
        {lines && status && <OfWorkspace lines={lines} status={status} />}
      </div>
    </>
  )
}

/** Settings that are stored in the workspace, by section. */
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
      <Section title={texts.workspace.title}>
        <Row label={texts.workspace.file} note={texts.workspace.fileNote}>
          <span className="data">{status.file ?? texts.workspace.inMemory}</span>
        </Row>
        <FreeSpace status={status} />
        <SaveCopy file={status.file} />
        {desktop && (
          <Row label={texts.workspace.restart} note={texts.workspace.restartNote}>
            <Button onClick={() => desktop?.restartBroker()}>{texts.workspace.restartAction}</Button>
          </Row>
        )}
      </Section>
    </>
  )
}
