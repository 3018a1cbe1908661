import { useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { SettingLine, WorkspaceStatus } from '../../../src-main/contract/workspace'
import { desktop } from '../../desktop'
import { wordsOf } from '../../format/find'
import { Button } from '../../parts/Button'
import { Empty } from '../../parts/Empty'
import { ListHeader } from '../../parts/ListHeader'
import { useFeed } from '../../stores/feed'
import { useFind } from '../../stores/query-field'
import { Alerts } from '../alerts/Alerts'
import page from '../pages.module.css'
import { Appearance } from './Appearance'
import { FreeSpace } from './FreeSpace'
import { FindWords } from './found'
import { Listening } from './Listening'
import { Row, Section } from './Row'
import { SaveCopy } from './SaveCopy'
import { Setting } from './Setting'
import { texts } from './texts'

export function SettingsPage() {
  const [find, setFind] = useFind()
  const words = useMemo(() => wordsOf(find), [find])
  const list = useRef<HTMLDivElement>(null)
  const [found, setFound] = useState(0)
  // Each setting decides whether it is found: some are there only in the desktop app, or once it has answered.
  useLayoutEffect(() => setFound(list.current?.querySelectorAll('[data-setting]').length ?? 0))
  const { value: lines } = useFeed('settings', undefined)
  const { value: status } = useFeed('workspace', undefined)
  return (
    <>
      <ListHeader title={texts.title} find={{ label: texts.find, placeholder: texts.findPlaceholder }}>
        <span className="quiet" role="status">
          {words.length > 0 && texts.found(found)}
        </span>
      </ListHeader>
      <div ref={list} className={page.scroll}>
        <FindWords value={words}>
          <Appearance />
          <Alerts />
          {lines && status && <OfWorkspace lines={lines} status={status} />}
        </FindWords>
        {words.length > 0 && found === 0 && (
          <Empty action={<Button onClick={() => setFind('')}>{texts.showAll}</Button>}>{texts.noMatch}</Empty>
        )}
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
        <Row label={texts.workspace.file} note={texts.workspace.fileNote} words={[status.file]}>
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
