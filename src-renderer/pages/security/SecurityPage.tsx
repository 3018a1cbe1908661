import { Capable } from '../../parts/Capable'
import { Empty } from '../../parts/Empty'
import { Tabs } from '../../parts/Tabs'
import { useCan } from '../../stores/can'
import { useFeed } from '../../stores/feed'
import { href, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { Acls } from './Acls'
import { Certificates } from './Certificates'
import { DeniedRequests } from './DeniedRequests'
import { Listeners } from './Listeners'
import { Quotas } from './Quotas'
import { Tokens } from './Tokens'
import { texts } from './texts'
import { Users } from './Users'

const views = ['listeners', 'users', 'acls', 'quotas', 'tokens', 'certificates', 'refused'] as const

/** Listeners, authentication and authorization. All of it is off until a listener requires it. */
export function SecurityPage() {
  const { subject, query } = useRoute()
  // The listeners, certificates and denied requests of a cluster elsewhere are not known here.
  const hasListeners = useCan('security.listener.add') === true
  const shown = views.filter((view) => hasListeners || view !== 'refused')
  const current = shown.find((view) => view === subject) ?? (hasListeners ? 'listeners' : 'users')
  const { value, problem } = useFeed('security', undefined)
  if (problem && !value) return <Empty>{texts.failed(problem)}</Empty>
  if (!value) {
    return (
      <header className={page.header}>
        <h1>{texts.title}</h1>
      </header>
    )
  }
  const counts: Readonly<Record<(typeof views)[number], number>> = {
    listeners: value.listeners.length,
    users: value.users.length,
    acls: value.acls.length,
    quotas: value.quotas.length,
    tokens: value.tokens.length,
    certificates: 0,
    refused: value.refused.length,
  }
  const labelOf = (id: (typeof views)[number]) => (counts[id] > 0 ? `${texts.tabs[id]} ${counts[id]}` : texts.tabs[id])
  return (
    <>
      <header className={page.header}>
        <h1>{texts.title}</h1>
        <Tabs
          label={texts.views}
          current={current}
          tabs={shown.map((id) => ({ id, label: labelOf(id), href: href('security', id) }))}
        />
      </header>
      {current === 'listeners' && (
        <Capable needs={['security.listener.add']}>
          <Listeners view={value} />
        </Capable>
      )}
      {current === 'users' && <Users view={value} />}
      {current === 'acls' && <Acls key={query} view={value} query={query} />}
      {current === 'quotas' && <Quotas view={value} />}
      {current === 'tokens' && <Tokens view={value} />}
      {current === 'certificates' && (
        <Capable needs={['security.files']}>
          <Certificates view={value} />
        </Capable>
      )}
      {current === 'refused' && <DeniedRequests view={value} />}
    </>
  )
}
