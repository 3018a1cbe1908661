import type { ComponentType } from 'react'
import { pageList } from '../../src-main/contract/pages'
import { useHost } from '../host'
import { ClientsPage } from '../pages/clients/ClientsPage'
import { ConnectionsPage } from '../pages/connections/ConnectionsPage'
import { GroupsPage } from '../pages/groups/GroupsPage'
import { HomePage } from '../pages/home/HomePage'
import { MessagesPage } from '../pages/messages/MessagesPage'
import { RebalancesPage } from '../pages/rebalances/RebalancesPage'
import { SchemasPage } from '../pages/schemas/SchemasPage'
import { SecurityPage } from '../pages/security/SecurityPage'
import { SettingsPage } from '../pages/settings/SettingsPage'
import { TopicsPage } from '../pages/topics/TopicsPage'
import { TransactionsPage } from '../pages/transactions/TransactionsPage'
import { WirePage } from '../pages/wire/WirePage'
import { Capable } from '../parts/Capable'
import { useArrival } from '../stores/arrival'
import { type Page, useRoute } from '../stores/route'
import { useSettings } from '../stores/settings'
import { useToday } from '../stores/today'
import css from './app.module.css'
import { Band } from './Band'
import { Boundary } from './Boundary'
import { Keys } from './Keys'
import { Notices } from './Notices'
import { Palette } from './Palette'
import { ProductionDialog } from './ProductionDialog'
import { pageNeeds } from './page-needs'
import { Sidebar } from './Sidebar'
import { StatusLine } from './StatusLine'
import { Stopped } from './Stopped'

const pages: Readonly<Record<Page, ComponentType>> = {
  home: HomePage,
  topics: TopicsPage,
  messages: MessagesPage,
  schemas: SchemasPage,
  groups: GroupsPage,
  rebalances: RebalancesPage,
  clients: ClientsPage,
  transactions: TransactionsPage,
  wire: WirePage,
  security: SecurityPage,
  connections: ConnectionsPage,
  settings: SettingsPage,
}

export function App() {
  const { page } = useRoute()
  const { client, lost } = useHost()
  // Redraws all times when their style changes, and at midnight.
  useSettings(({ times }) => times)
  useToday()
  const main = useArrival()
  const Current = pages[page]
  return (
    <div className={css.frame}>
      <Band />
      <Sidebar />
      <main ref={main} tabIndex={-1} className={css.page}>
        {lost !== null && <Stopped key={lost.kind} lost={lost} />}
        <Boundary key={page}>
          {client && (
            <Capable needs={pageNeeds[page]} title={pageList.find(({ id }) => id === page)?.label ?? ''}>
              <Current />
            </Capable>
          )}
        </Boundary>
      </main>
      <StatusLine />
      <Notices />
      <Palette />
      <ProductionDialog />
      <Keys />
    </div>
  )
}
