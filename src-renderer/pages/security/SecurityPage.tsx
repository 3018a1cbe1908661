import { Empty } from '../../parts/Empty'
import { Tabs } from '../../parts/Tabs'
import { useFeed } from '../../stores/feed'
import { href, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { Acls } from './Acls'
import { Certificates } from './Certificates'
import { Listeners } from './Listeners'
import { Quotas } from './Quotas'
import { Refused } from './Refused'
import { Tokens } from './Tokens'
import { Users } from './Users'

const views = ['listeners', 'users', 'acls', 'quotas', 'tokens', 'certificates', 'refused'] as const
const titles: Readonly<Record<(typeof views)[number], string>> = {
  listeners: 'Listeners',
  users: 'Users',
  acls: 'ACLs',
  quotas: 'Quotas',
  tokens: 'Tokens',
  certificates: 'Certificates',
  refused: 'Refused',
}

/** Who may come in, by which door, to do what. Off until a listener asks for it. */
export function SecurityPage() {
  const { subject, query } = useRoute()
  const current = views.find((view) => view === subject) ?? 'listeners'
  const { value, problem } = useFeed('security', undefined)
  if (problem) return <Empty>{problem}</Empty>
  if (!value) return null
  const counts: Readonly<Record<(typeof views)[number], number>> = {
    listeners: value.listeners.length,
    users: value.users.length,
    acls: value.acls.length,
    quotas: value.quotas.length,
    tokens: value.tokens.length,
    certificates: 0,
    refused: value.refused.length,
  }
  const labelOf = (id: (typeof views)[number]) => (counts[id] > 0 ? `${titles[id]} ${counts[id]}` : titles[id])
  return (
    <>
      <header className={page.header}>
        <h1>Security</h1>
        <Tabs
          label="Views of security"
          current={current}
          tabs={views.map((id) => ({ id, label: labelOf(id), href: href('security', id) }))}
        />
      </header>
      {current === 'listeners' && <Listeners view={value} />}
      {current === 'users' && <Users view={value} />}
      {current === 'acls' && <Acls key={query} view={value} query={query} />}
      {current === 'quotas' && <Quotas view={value} />}
      {current === 'tokens' && <Tokens view={value} />}
      {current === 'certificates' && <Certificates view={value} />}
      {current === 'refused' && <Refused view={value} />}
    </>
  )
}
