import './locale'
import '@fontsource-variable/inter'
import '@fontsource-variable/jetbrains-mono'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'
import { startHost } from './host'
import { watchLastInput } from './stores/last-input'
import './styles/tokens.css'
import './styles/base.css'

// Before anything is drawn: the shell may hand over its port, or a view, as soon as the page has loaded.
startHost()
watchLastInput()

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  )
}
