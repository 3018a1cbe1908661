import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = resolve(__dirname, '../..')

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-start-'))
  // A checkout after `npm ci`: the electron package without its program.
  const electron = join(folder, 'node_modules/electron')
  mkdirSync(electron, { recursive: true })
  for (const name of ['package.json', 'index.js', 'install.js', 'checksums.json']) {
    copyFileSync(join(root, 'node_modules/electron', name), join(electron, name))
  }
  symlinkSync(join(root, 'node_modules/@electron'), join(folder, 'node_modules/@electron'), 'junction')
  mkdirSync(join(folder, 'scripts'))
  copyFileSync(join(root, 'scripts/electron-binary.js'), join(folder, 'scripts/electron-binary.js'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Asks for Electron's program in a process of its own, from this address. */
async function fetched(mirror: string): Promise<string> {
  const script = `require('./scripts/electron-binary.js')
    .electronBinary((text) => process.stdout.write(text))
    .catch((error) => process.stdout.write(error.message))`
  const child = spawn(process.execPath, ['-e', script], {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      ELECTRON_MIRROR: mirror,
      electron_config_cache: mkdtempSync(join(folder, 'cache-')),
      npm_config_platform: 'linux',
      npm_config_arch: 'x64',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = await Promise.all([text(child.stdout), once(child, 'exit')])
  return said
}

describe('the first `npm start`', () => {
  test('says that Electron is being downloaded, and how far that is', async () => {
    const size = 3_000_000
    const server = createServer((_, response) => {
      response.writeHead(200, { 'Content-Length': size })
      response.end(Buffer.alloc(size))
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const said = await fetched(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    server.close()
    const [first, ...lines] = said.split('\n')
    expect(first).toMatch(/^ottla: Electron \d+\.\d+\.\d+ is being downloaded\. This happens once\.$/)
    // The last tenth is always said; those before it unless several came at once.
    expect(lines.slice(0, -1).every((line) => /^ottla: \d+0 % of 3 MB$/.test(line))).toBe(true)
    expect(lines.at(-2)).toBe('ottla: 100 % of 3 MB')
    // What was sent is no Electron, and is not taken for one.
    expect(lines.at(-1)).toMatch(/^Electron cannot be downloaded \(.*checksum/i)
  })

  test('says why it cannot be downloaded', async () => {
    expect(await fetched('http://127.0.0.1:1/')).toMatch(/\nElectron cannot be downloaded \(fetch failed: .+\)$/)
  })
})
