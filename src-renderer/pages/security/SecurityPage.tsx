import { Empty } from '../../parts/Empty'
import { Tabs } from '../../parts/Tabs'
import { useFeed } from '../../stores/feed'
import { href, useRoute } from '../../stores/route'
import page from '../pages.module.css'
import { Acls } from './Acls'
import { Certificates } from './Certificates'
import { Quotas } from './Quotas'
import { Refused } from './Refused'
import { Users } from './Users'

const views = ['users', 'acls', 'quotas', 'certificates', 'refused'] as const
const titles: Readonly<Record<(typeof views)[number], string>> = {
  users: 'Users',
  acls: 'ACLs',
  quotas: 'Quotas',
  certificates: 'Certificates',
  refused: 'Refused',
}

/** Who may come in, and do what. Off until a listener asks for it. */
export function SecurityPage() {
  const { subject } = useRoute()
  const current = views.find((view) => view === subject) ?? 'users'
  const { value, problem } = useFeed('security', undefined)
  if (problem) return <Empty>{problem}</Empty>
  if (!value) return null
  return (
    <>
      <header className={page.header}>
        <h1>Security</h1>
        <Tabs
          label="Views of security"
          current={current}
          tabs={views.map((id) => ({ id, label: titles[id], href: href('security', id) }))}
        />
      </header>
      {current === 'users' && <Users view={value} />}
      {current === 'acls' && <Acls view={value} />}
      {current === 'quotas' && <Quotas view={value} />}
      {current === 'certificates' && <Certificates />}
      {current === 'refused' && <Refused view={value} />}
    </>
  )
}
