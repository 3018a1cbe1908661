import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { systemClock } from '../../src-main/base/clock'
import { silentLog } from '../../src-main/base/log'
import { Workspace } from '../../src-main/storage'
import { Desktop, needsElectron } from '../support/electron'
import { takePort } from '../support/ports'
import { itNeeds } from '../support/require'
import { visit } from './page-host'

const electron = [needsElectron()]

let desktop: Desktop
beforeEach(() => {
  desktop = new Desktop()
})
afterEach(async () => {
  await desktop.dispose()
})

async function menuLabels(): Promise<string[]> {
  return await desktop.app.evaluate(({ Menu }) => Menu.getApplicationMenu()?.items.map((item) => item.label) ?? [])
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

/** The window of a workspace: its page shows nothing that the other's does not, but its file. */
const windowOf = (file: string): Promise<Page> => desktop.windowNamed(basename(file, '.ottla'))

const moved = { width: 800, height: 600 }

async function boundsOf(workspace: string): Promise<unknown> {
  return await desktop.app.evaluate(
    ({ BrowserWindow }, name) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.getTitle().startsWith(name))
        ?.getBounds(),
    workspace,
  )
}

/** Moves a window, and waits until the system has done so. */
async function moveWindow(workspace: string): Promise<void> {
  await desktop.app.evaluate(
    ({ BrowserWindow }, [name, size]) =>
      BrowserWindow.getAllWindows()
        .find((window) => window.getTitle().startsWith(name))
        ?.setBounds({ x: 40, y: 60, ...size }),
    [workspace, moved] as const,
  )
  await expect.poll(() => boundsOf(workspace)).toMatchObject(moved)
}

/** As the Settings page would, before the app is first opened. */
async function writeSetting(file: string, name: string, value: string): Promise<void> {
  const workspace = new Workspace({ file, clock: systemClock, log: silentLog })
  workspace.write(() => workspace.configs.set('workspace', '', name, value))
  await workspace.dispose()
}

async function storedPort(file: string): Promise<number> {
  const workspace = new Workspace({ file, clock: systemClock, log: silentLog })
  const port = Number(workspace.configs.ofWorkspace('ottla.port'))
  await workspace.dispose()
  return port
}

describe('the desktop app', () => {
  itNeeds(electron, 'opens one window, which cannot navigate or open others', async () => {
    const page = await desktop.open()
    expect(page.url()).toMatch(/^file:.*renderer\/index\.html/)
    expect(await page.evaluate(() => [typeof globalThis.require, typeof globalThis.process])).toEqual([
      'undefined',
      'undefined',
    ])
    await page.evaluate(() => {
      window.open('https://example.invalid/')
      location.href = 'https://example.invalid/'
    })
    expect(desktop.app.windows()).toHaveLength(1)
    expect(page.url()).toMatch(/^file:/)
    expect(await menuLabels()).toEqual(['&File', 'Edit', '&View', 'Window', 'Help'])
  })

  itNeeds(electron, 'explains that the port is in use, and uses the next free one after one click', async () => {
    const taken = await takePort()
    const setPort = async (page: Page, port: number) => {
      await visit(page, 'settings')
      await page.getByLabel('Port', { exact: true }).fill(String(port))
      await page.keyboard.press('Enter')
      await page.getByTitle('Reset to 9092').waitFor()
    }
    // Nobody says which port: the workspace's setting counts.
    const unsaid = { OTTLA_PORT: '' }
    await writeSetting(desktop.file, 'ottla.port', String(taken.port))
    const first = await desktop.open({ environment: unsaid, answer: 0 })
    await expect.poll(async () => (await desktop.questions()).length).toBe(1)
    const [question] = await desktop.questions()
    expect(question!.message).toBe(`Port ${taken.port} is in use by another program.`)
    expect(question!.buttons!.at(-1)).toBe('Quit')
    const next = Number(/Use Port (\d+)/.exec(question!.buttons![0]!)![1])
    await expect.poll(() => accepts(next)).toBe(true)
    // Clients are served before the start is over; the app is closed after it.
    await first.getByText(`localhost:${next}`).first().waitFor()
    await desktop.close()
    await taken.release()
    // The choice is remembered, so that clients find the broker where they found it before, until Settings say otherwise.
    const page = await desktop.open({ environment: unsaid })
    await expect.poll(() => accepts(next)).toBe(true)
    expect(await desktop.questions()).toEqual([])
    await setPort(page, taken.port)
    await desktop.close()
    await desktop.open({ environment: unsaid })
    await expect.poll(() => accepts(taken.port)).toBe(true)
  })

  itNeeds(electron, 'names the open workspace that uses the port', async () => {
    const { port, release } = await takePort()
    await release()
    const files = ['first.ottla', 'second.ottla'].map((name) => join(desktop.folder, name))
    await desktop.open({ words: files, environment: { OTTLA_PORT: String(port) } })
    await expect.poll(async () => (await desktop.questions()).length).toBe(1)
    const [question] = await desktop.questions()
    expect(question!.message).toBe(`Port ${port} is in use by the workspace first.`)
    expect(question!.buttons!.at(-1)).toBe('Do Not Open')
  })

  itNeeds(electron, 'a second start is handed to the first one, which keeps its view or goes to the link', async () => {
    const page = await desktop.open()
    await visit(page, 'groups')
    const program: string = createRequire(__filename)('electron')
    const startAgain = async (...words: string[]) => {
      const second = spawn(program, ['--no-sandbox', join(__dirname, '../..'), ...words], {
        env: desktop.environment(),
        stdio: 'ignore',
      })
      const [code] = await once(second, 'exit')
      expect(code).toBe(0)
    }
    await startAgain()
    await startAgain('ottla://clients')
    await page.getByRole('heading', { name: 'Clients' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'Groups' }).waitFor()
    expect(desktop.app.windows()).toEqual([page])
  })

  itNeeds(electron, 'remembers the position of its window', async () => {
    await desktop.open()
    await moveWindow('test')
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
    const memory = join(desktop.folder, 'config', 'ottla', 'window.json')
    await expect
      .poll(() => existsSync(memory) && JSON.parse(readFileSync(memory, 'utf8')).windows[desktop.file]?.bounds)
      .toMatchObject(moved)
  })

  itNeeds(electron, 'asks once whether the broker keeps running when its window closes', async () => {
    await desktop.open({ answer: 0 })
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
    await expect
      .poll(async () => (await desktop.questions()).map((question) => question.message))
      .toEqual(['Keep the broker running?'])
    await expect.poll(() => desktop.app.windows().length).toBe(0)
    await desktop.app.evaluate(({ app }) => app.emit('activate'))
    await expect.poll(() => desktop.app.windows().length).toBe(1)
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
    await expect.poll(() => desktop.app.windows().length).toBe(0)
    expect(await desktop.questions()).toHaveLength(1)
    const opened = desktop.app.waitForEvent('window')
    await desktop.app.evaluate(({ app }) => app.emit('activate'))
    const page = await opened
    await visit(page, 'settings')
    const closing = page.getByLabel('Closing the last window')
    await expect.poll(() => closing.inputValue()).toBe('tray')
    await closing.selectOption('stop and quit')
    const ended = desktop.app.waitForEvent('close')
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close()).catch(() => {})
    await ended
  })

  itNeeds(electron, 'opens the same workspaces and views again after Quit', async () => {
    // No file is named, as when it is started from the system's menu.
    const environment = { OTTLA_FILE: '', XDG_DATA_HOME: join(desktop.folder, 'data') }
    const files = ['first.ottla', 'second.ottla'].map((name) => join(desktop.folder, name))
    await desktop.open({ words: files, environment })
    await expect.poll(() => desktop.app.windows().length).toBe(2)
    const first = await windowOf(files[0]!)
    await visit(first, 'groups')
    await first.getByRole('heading', { name: 'Groups' }).waitFor()
    // Both have started: what is quit in the middle of a start is another matter.
    const second = await windowOf(files[1]!)
    await second.getByRole('heading', { name: 'Kafka is running' }).waitFor()
    await moveWindow('first')
    await desktop.close()
    await desktop.open({ environment })
    await expect.poll(() => desktop.app.windows().length).toBe(2)
    const again = await windowOf(files[0]!)
    await again.getByRole('heading', { name: 'Groups' }).waitFor()
    await expect.poll(() => boundsOf('first')).toMatchObject(moved)
  })

  itNeeds(electron, 'that is quit in the middle of a start opens the same workspaces, on the same port', async () => {
    const taken = await takePort()
    const environment = { OTTLA_FILE: '', OTTLA_PORT: '', XDG_DATA_HOME: join(desktop.folder, 'data') }
    const files = ['first.ottla', 'second.ottla'].map((name) => join(desktop.folder, name))
    for (const file of files) await writeSetting(file, 'ottla.port', String(taken.port))
    await desktop.open({ words: files, environment, answer: 0 })
    // The port of the first was asked about; its broker starts now. The second one begins after it, and may be asked about too.
    await expect.poll(async () => (await desktop.questions()).length).toBeGreaterThan(0)
    const [question] = await desktop.questions()
    const next = Number(/Use Port (\d+)/.exec(question!.buttons![0]!)![1])
    await desktop.close()
    await taken.release()
    const portOfSecond = await storedPort(files[1]!)
    await expect.poll(() => storedPort(files[0]!)).toBe(next)
    await desktop.open({ environment, answer: 0 })
    await expect.poll(() => desktop.app.windows().length).toBe(2)
    const first = await windowOf(files[0]!)
    await first.getByText(`localhost:${next}`).first().waitFor()
    const second = await windowOf(files[1]!)
    await second.getByText(`localhost:${portOfSecond}`).first().waitFor()
    expect(await desktop.questions()).toEqual([])
  })

  for (const [name, end] of [
    ['is asked to end by a signal', async () => void desktop.app.process().kill('SIGTERM')],
    [
      'is told that the machine shuts down',
      () =>
        desktop.app
          .evaluate(({ powerMonitor }) => void powerMonitor.emit('shutdown', { preventDefault: () => {} }))
          .catch(() => {}),
    ],
    [
      'is told that the session of Windows ends',
      () =>
        desktop.app
          .evaluate(({ BrowserWindow }) => void BrowserWindow.getAllWindows()[0]?.emit('session-end'))
          .catch(() => {}),
    ],
  ] as const) {
    itNeeds(electron, `closes its workspace by itself when it ${name}`, async () => {
      const page = await desktop.open()
      await page.getByRole('heading', { name: 'Kafka is running' }).waitFor()
      await visit(page, 'groups')
      await page.getByRole('heading', { name: 'Groups' }).waitFor()
      const ended = desktop.app.waitForEvent('close')
      await end()
      await ended
      const rest = () =>
        ['-wal', '-appends', '-batches', '-lock'].filter((part) => existsSync(`${desktop.file}${part}`))
      await expect.poll(rest).toEqual([])
      const memory = JSON.parse(readFileSync(join(desktop.folder, 'config', 'ottla', 'window.json'), 'utf8'))
      expect(memory).toMatchObject({ open: [desktop.file], views: { [desktop.file]: '/groups' } })
    })
  }

  itNeeds(electron, 'shows that the broker stopped unexpectedly, and starts it again', async () => {
    const page = await desktop.open()
    await page.getByRole('heading', { name: 'Kafka is running' }).waitFor()
    await visit(page, 'topics')
    await page.getByText('There are no topics yet').waitFor()
    await desktop.crashBroker()
    await page.getByRole('heading', { name: 'Kafka is not running' }).waitFor()
    await page.getByText(/It stopped unexpectedly: its thread ended with code/).waitFor()
    await page.getByRole('button', { name: 'Start again' }).click()
    await page.getByText('There are no topics yet').waitFor()
    await expect.poll(() => page.getByText('Kafka is not running').count()).toBe(0)
  })

  itNeeds(electron, 'asks what to do after a fault of its own, and its broker goes on', async () => {
    const page = await desktop.open()
    await page.getByRole('heading', { name: 'Kafka is running' }).waitFor()
    await desktop.app.evaluate(() => {
      setImmediate(() => {
        throw new Error('thrown by a test')
      })
    })
    await expect
      .poll(() => desktop.questions())
      .toMatchObject([
        {
          message: 'A fault in Ottla may have broken a window or a menu.',
          detail: expect.stringMatching(/^Error: thrown by a test\n\nThe brokers go on, /),
          buttons: ['Continue', 'Quit Ottla'],
        },
      ])
    await visit(page, 'topics')
    await page.getByText('There are no topics yet').waitFor()
  })

  itNeeds(electron, 'restarts the broker for settings that need it', async () => {
    const { port, release } = await takePort()
    await release()
    const page = await desktop.open()
    await visit(page, 'settings')
    await page.getByLabel('Further listeners').fill(`sasl_plaintext://127.0.0.1:${port}`)
    await page.keyboard.press('Enter')
    await page.getByTitle('Clear').waitFor()
    expect(await accepts(port)).toBe(false)
    await page.getByRole('button', { name: 'Restart' }).click()
    await page.getByRole('listitem').filter({ hasText: 'SASL_PLAINTEXT' }).waitFor()
    await expect.poll(() => accepts(port)).toBe(true)
  })

  itNeeds(electron, 'its menu shows the keyboard shortcuts and saves a copy', async () => {
    const page = await desktop.open()
    await visit(page, 'clients')
    await page.getByRole('heading', { name: 'Clients' }).waitFor()
    await desktop.choose('Help', 'Keyboard Shortcuts')
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor()
    await page.keyboard.press('Escape')
    const copy = join(desktop.folder, 'copy.ottla')
    await desktop.app.evaluate(({ dialog }, filePath) => {
      dialog.showSaveDialog = (async () => ({ canceled: false, filePath })) as typeof dialog.showSaveDialog
    }, copy)
    await desktop.choose('&File', 'Save a Copy…')
    await page.getByText(`Saved a copy to ${copy}.`).waitFor()
    expect(existsSync(copy)).toBe(true)
    await page.getByRole('heading', { name: 'Clients' }).waitFor()
  })
})
