import { type ComponentType, useEffect } from 'react'
import { startHost, useHost } from '../host'
import { ClientsPage } from '../pages/clients/ClientsPage'
import { GroupsPage } from '../pages/groups/GroupsPage'
import { HomePage } from '../pages/home/HomePage'
import { MessagesPage } from '../pages/messages/MessagesPage'
import { RebalancesPage } from '../pages/rebalances/RebalancesPage'
import { SecurityPage } from '../pages/security/SecurityPage'
import { SettingsPage } from '../pages/settings/SettingsPage'
import { TopicsPage } from '../pages/topics/TopicsPage'
import { TransactionsPage } from '../pages/transactions/TransactionsPage'
import { WirePage } from '../pages/wire/WirePage'
import { type Page, useRoute } from '../stores/route'
import { useSettings } from '../stores/settings'
import css from './app.module.css'
import { Boundary } from './Boundary'
import { Keys } from './Keys'
import { Notices } from './Notices'
import { Palette } from './Palette'
import { Sidebar } from './Sidebar'
import { StatusLine } from './StatusLine'

const pages: Readonly<Record<Page, ComponentType>> = {
  home: HomePage,
  topics: TopicsPage,
  messages: MessagesPage,
  groups: GroupsPage,
  rebalances: RebalancesPage,
  clients: ClientsPage,
  transactions: TransactionsPage,
  wire: WirePage,
  security: SecurityPage,
  settings: SettingsPage,
}

let isStarted = false

export function App() {
  const { page } = useRoute()
  const { client, lost } = useHost()
  // Every time that is shown, on whichever page, changes with this.
  useSettings(({ times }) => times)
  useEffect(() => {
    // React mounts twice while developing; there is one broker to connect to.
    if (isStarted) return
    isStarted = true
    startHost()
  }, [])
  const Current = pages[page]
  return (
    <div className={css.frame}>
      <Sidebar />
      <main className={css.page}>
        {lost && (
          <div className={css.banner} role="alert">
            {lost}
          </div>
        )}
        <Boundary key={page}>{client && <Current />}</Boundary>
      </main>
      <StatusLine />
      <Notices />
      <Palette />
      <Keys />
    </div>
  )
}
