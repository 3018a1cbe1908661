import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Notice } from '../../../src-main/options/thread'
import { readOpenRequest, viewOf } from '../../../src-main/shell/links'
import { Memory, withRecentFile } from '../../../src-main/shell/memory'
import { menuTemplate } from '../../../src-main/shell/menu'
import { NoticePolicy } from '../../../src-main/shell/notices'
import { placeWindow } from '../../../src-main/shell/window-bounds'

describe('a request to open something', () => {
  it('is read from the words of a command line', () => {
    expect(
      readOpenRequest(['--no-sandbox', '.', 'orders.ottla', 'OTHER.OTTLA', 'ottla://topics/orders?offset=12']),
    ).toEqual({
      files: ['orders.ottla', 'OTHER.OTTLA'],
      view: '/topics/orders?offset=12',
    })
  })

  it.each([
    ['ottla://groups/a', '/groups/a'],
    ['ottla:///groups/a', '/groups/a'],
    ['https://groups/a', undefined],
    ['ottla://a"><script>', undefined],
  ])('%s names the view %s', (link, view) => {
    expect(viewOf(link)).toBe(view)
  })
})

describe('placeWindow', () => {
  const display = { x: 0, y: 25, width: 1920, height: 1055 }
  const small = { x: 0, y: 0, width: 1024, height: 700 }

  it('puts a window where it was', () => {
    const bounds = { x: 100, y: 100, width: 900, height: 700 }
    expect(placeWindow(bounds, [display])).toBe(bounds)
  })

  it('centres it when its display is gone, no larger than the display', () => {
    expect(placeWindow({ x: 3000, y: 100, width: 900, height: 700 }, [display])).toEqual({
      x: 320,
      y: 153,
      width: 1280,
      height: 800,
    })
    expect(placeWindow(undefined, [small])).toEqual(small)
  })

  it('does not leave a title bar above the display', () => {
    expect(placeWindow({ x: 0, y: 0, width: 900, height: 700 }, [display]).y).toBe(153)
  })
})

describe('Memory', () => {
  let folder: string
  let faults: string[]
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'ottla-memory-'))
    faults = []
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  const open = () => new Memory(join(folder, 'deep', 'window.json'), (text) => faults.push(text))

  it('remembers over a restart', () => {
    open().update({ onClose: 'tray', recentFiles: ['a.ottla'] })
    expect(open().value).toMatchObject({ onClose: 'tray', recentFiles: ['a.ottla'], windows: {} })
    expect(faults).toEqual([])
  })

  it('begins anew, and says so, when its file is damaged', () => {
    open().update({ onClose: 'quit' })
    writeFileSync(join(folder, 'deep', 'window.json'), '{"onClo')
    expect(open().value.onClose).toBeNull()
    expect(faults).toHaveLength(1)
  })

  it('leaves no half-written file behind', () => {
    open().update({ onClose: 'quit' })
    expect(JSON.parse(readFileSync(join(folder, 'deep', 'window.json'), 'utf8'))).toMatchObject({ onClose: 'quit' })
  })

  it('keeps ten recent files, each once, newest first', () => {
    const files = Array.from({ length: 12 }, (_, i) => `${i}.ottla`).reduce<string[]>(withRecentFile, [])
    expect(withRecentFile(files, '5.ottla').slice(0, 3)).toEqual(['5.ottla', '11.ottla', '10.ottla'])
    expect(withRecentFile(files, '5.ottla')).toHaveLength(10)
  })
})

describe('NoticePolicy', () => {
  const notice = (kind: Notice['kind']): Notice => ({ kind, title: '', text: '', view: '/' })

  it('tells each kind once in ten minutes', () => {
    const policy = new NoticePolicy()
    expect(policy.shows(notice('error'), false, 0)).toBe(true)
    expect(policy.shows(notice('error'), false, 599_999)).toBe(false)
    expect(policy.shows(notice('rebalanceStorm'), false, 1)).toBe(true)
    expect(policy.shows(notice('error'), false, 600_000)).toBe(true)
  })

  it('tells alerts of different subjects, each once in ten minutes', () => {
    const policy = new NoticePolicy()
    const alert = (view: string): Notice => ({ ...notice('alert'), view })
    expect(policy.shows(alert('/groups/a'), false, 0)).toBe(true)
    expect(policy.shows(alert('/groups/b'), false, 1)).toBe(true)
    expect(policy.shows(alert('/groups/a'), false, 2)).toBe(false)
    const over: Notice = { ...alert('/groups/a'), kind: 'alertOver' }
    expect([3, 4].map((at) => policy.shows(over, false, at))).toEqual([true, false])
  })

  it('tells nothing while the window has the focus', () => {
    const policy = new NoticePolicy()
    expect(policy.shows(notice('error'), true, 0)).toBe(false)
    expect(policy.shows(notice('error'), false, 1)).toBe(true)
  })
})

describe('the menu', () => {
  const nothing = () => {}
  const actions = {
    newWorkspace: nothing,
    openWorkspace: nothing,
    openRecent: nothing,
    clearRecent: nothing,
    saveCopy: nothing,
    show: nothing,
    showKeys: nothing,
  }

  it('gives no shortcut twice', () => {
    const shortcuts = menuTemplate('linux', [], actions).flatMap((menu) =>
      Array.isArray(menu.submenu) ? menu.submenu.flatMap((item) => item.accelerator ?? []) : [],
    )
    expect(shortcuts).toContain('CmdOrCtrl+O')
    expect(new Set(shortcuts).size).toBe(shortcuts.length)
  })

  it('has the application menu on a Mac alone', () => {
    expect(menuTemplate('darwin', [], actions)[0]!.role).toBe('appMenu')
    expect(menuTemplate('win32', [], actions)[0]!.label).toBe('&File')
  })
})
