import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { vi } from 'vitest'
import type { Requirement } from './require'

export const root = resolve(__dirname, '../..')

/** That a window can be opened here. */
export function needsElectron(): Requirement {
  if (process.platform === 'linux' && !process.env.DISPLAY) return { missing: 'no display' }
  const found = spawnSync(process.execPath, ['-p', 'require("electron")'], { cwd: root })
  return found.status === 0 ? {} : { missing: 'no Electron binary' }
}

export interface DesktopOptions {
  /** Words of the command line. */
  readonly words?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Index of the button that answers every question of the app; the questions are kept for `questions()`. */
  readonly answer?: number
}

/** The desktop app on a workspace and a memory of its own. Build first: `npm run build`. */
export class Desktop {
  readonly folder: string
  readonly file: string
  #app: ElectronApplication | null = null

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'ottla-desktop-'))
    this.file = join(this.folder, 'test.ottla')
  }

  get app(): ElectronApplication {
    if (!this.#app) throw new Error('the app does not run')
    return this.#app
  }

  /** Starts the app and resolves with its first window; may be called again after `close`. */
  async open(options: DesktopOptions = {}): Promise<Page> {
    this.#app = await _electron.launch({
      args: [...this.arguments(options.answer), ...(options.words ?? [])],
      env: { ...this.environment(), ...options.environment },
    })
    const page = await this.#app.firstWindow()
    await page.waitForLoadState('load')
    return page
  }

  /** What Electron is started with. Dialogs are answered, so that no test waits for a user. */
  arguments(answer = 0): string[] {
    const answers = join(this.folder, 'answers.cjs')
    writeFileSync(
      answers,
      `const { dialog } = require('electron')
       globalThis.questions = []
       dialog.showMessageBox = async (...args) => {
         globalThis.questions.push(args.at(-1))
         return { response: ${answer}, checkboxChecked: false }
       }
       dialog.showErrorBox = (title, content) => globalThis.questions.push({ message: content })
       // The threads of the app, so that a test can end one as a crash would.
       const threads = require('worker_threads')
       globalThis.threads = []
       threads.Worker = class extends threads.Worker {
         constructor(...args) {
           super(...args)
           globalThis.threads.push(this)
         }
       }`,
    )
    return ['-r', answers, '--no-sandbox', root]
  }

  environment(): Record<string, string> {
    const inherited = Object.entries(process.env).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    )
    return {
      ...Object.fromEntries(inherited),
      // Electron keeps what the app remembers, and the lock of the single instance, below this folder.
      XDG_CONFIG_HOME: join(this.folder, 'config'),
      // Stored connections and the log of changes.
      XDG_DATA_HOME: join(this.folder, 'data'),
      OTTLA_PORT: '0',
      OTTLA_FILE: this.file,
    }
  }

  /** What the app asked or told the user in dialogs so far. */
  async questions(): Promise<{ message: string; detail?: string; buttons?: string[] }[]> {
    return await this.app.evaluate(() => (globalThis as unknown as { questions: { message: string }[] }).questions)
  }

  /** The window whose title begins with the name, once there is one: a window is there before its title. */
  async windowNamed(name: string): Promise<Page> {
    const named = async () => {
      for (const page of this.app.windows()) {
        const window = await this.app.browserWindow(page)
        if ((await window.evaluate((one) => one.getTitle())).startsWith(name)) return page
      }
      throw new Error(`no window shows ${name}`)
    }
    return await vi.waitFor(named, { timeout: 30_000 })
  }

  /** Clicks an item of the application menu. */
  async choose(menu: string, item: string): Promise<void> {
    await this.app.evaluate(
      ({ Menu }, [inMenu, label]) =>
        Menu.getApplicationMenu()
          ?.items.find((entry) => entry.label === inMenu)
          ?.submenu?.items.find((entry) => entry.label === label)
          ?.click(),
      [menu, item] as const,
    )
  }

  /** Ends the newest broker thread as a crash would. */
  async crashBroker(): Promise<void> {
    await this.app.evaluate(async () => {
      const { threads } = globalThis as unknown as { threads: { terminate(): Promise<number> }[] }
      await threads.at(-1)?.terminate()
    })
  }

  async close(): Promise<void> {
    await this.#app?.close()
    this.#app = null
  }

  async dispose(): Promise<void> {
    await this.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}
