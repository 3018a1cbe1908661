import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { Desktop, needsElectron } from '../support/electron'
import { takePort } from '../support/ports'
import { itNeeds } from '../support/require'

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

describe('the desktop app', () => {
  itNeeds(electron, 'opens one confined window', async () => {
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

  itNeeds(electron, 'explains that the port is taken and uses the next free one at one click', async () => {
    const taken = await takePort()
    await desktop.open({ environment: { OTTLA_PORT: String(taken.port) }, answer: 0 })
    const [question] = await desktop.questions()
    expect(question!.message).toBe(`Port ${taken.port} is in use by another program.`)
    const next = Number(/Use port (\d+)/.exec(question!.buttons![0]!)![1])
    await expect.poll(() => accepts(next)).toBe(true)
    await desktop.close()
    await taken.release()
    // The choice is remembered, so that clients find the broker where they found it before.
    await desktop.open({ environment: { OTTLA_PORT: String(taken.port) } })
    await expect.poll(() => accepts(next)).toBe(true)
    expect(await desktop.questions()).toEqual([])
  })

  itNeeds(electron, 'hands a second start to the first one', async () => {
    const page = await desktop.open()
    const program: string = createRequire(__filename)('electron')
    const second = spawn(program, ['--no-sandbox', join(__dirname, '../..'), 'ottla://topics/orders'], {
      env: desktop.environment(),
      stdio: 'ignore',
    })
    const [code] = await once(second, 'exit')
    expect(code).toBe(0)
    expect(desktop.app.windows()).toEqual([page])
  })

  itNeeds(electron, 'remembers where its window was', async () => {
    await desktop.open()
    const moved = { x: 40, y: 60, width: 800, height: 600 }
    await desktop.app.evaluate(
      ({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]!.setBounds(bounds),
      moved,
    )
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close())
    const memory = join(desktop.folder, 'config', 'ottla', 'window.json')
    await expect
      .poll(() => existsSync(memory) && JSON.parse(readFileSync(memory, 'utf8')).windows[desktop.file]?.bounds)
      .toMatchObject({
        width: 800,
        height: 600,
      })
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
  })
})
