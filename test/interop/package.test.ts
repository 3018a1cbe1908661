import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const root = resolve(__dirname, '../..')

/** What a machine needs to reach its registry of packages, also where a proxy with a certificate of its own is on the way. */
const ofNetwork = /^(?:NODE_EXTRA_CA_CERTS|npm_config_(?:registry|cafile|proxy|https_proxy|noproxy))$/

/** The environment of a user: nothing else of the npm that runs the tests, and the Node of the tests where a script asks for `node`. */
const environment = Object.fromEntries(
  Object.entries({ ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env.PATH}` }).filter(
    ([name]) => ofNetwork.test(name) || !/^(?:npm_|INIT_CWD|NODE_)/.test(name),
  ),
)

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ottla-package-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Packed {
  readonly filename: string
  readonly size: number
  readonly files: readonly { readonly path: string }[]
}

/** @throws also when it takes longer than a test may: no other test of this file could run meanwhile */
function run(command: string, args: readonly string[], cwd: string): string {
  const shell = process.platform === 'win32'
  return execFileSync(command, args, { cwd, env: environment, encoding: 'utf8', shell, timeout: 100_000 })
}

describe('the npm package', () => {
  let packed: Packed

  beforeAll(() => {
    // The build that the other tests run on is packed as it lies there.
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
    const report: unknown = JSON.parse(run('npm', args, root))
    packed = (Array.isArray(report) ? report : Object.values(report as object))[0] as Packed
  })

  test('holds what `ottla` needs, and is smaller than 5 MB', () => {
    const top = new Set(packed.files.map(({ path }) => path.replace(/^(out\/\w+|bin)\/.*/, '$1')))
    expect([...top].sort()).toEqual(['LICENSE', 'README.md', 'bin', 'out/main', 'out/renderer', 'package.json'])
    expect(packed.size).toBeLessThan(5_000_000)
  })

  test('is installed into an empty folder, and `npx ottla serve` is ready', async () => {
    const home = join(folder, 'empty')
    mkdirSync(home)
    // No install script is needed: neither a compiler nor a download besides the packages.
    run(
      'npm',
      ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', join(folder, packed.filename)],
      home,
    )
    expect(run('npx', ['ottla', '--help'], home)).toMatch(/^ {2}ottla serve/)
    const broker = spawn('npx', ['ottla', 'serve', '--json', '--port', '0', '--memory'], {
      cwd: home,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
      // A group of its own, so that the broker below npx is reached.
      detached: true,
    })
    const exit = once(broker, 'exit')
    try {
      const line = await firstLine(broker)
      const ready = JSON.parse(line) as { ready: boolean; ui: string }
      expect(ready.ready).toBe(true)
      const page = await (await fetch(ready.ui)).text()
      expect(page).toContain('<div id="root">')
      const script = /src="\.?\/?(assets\/[^"]+\.js)"/.exec(page)?.[1]
      expect((await fetch(new URL(`/${script}`, ready.ui))).status).toBe(200)
    } finally {
      process.kill(-broker.pid!, 'SIGTERM')
      await exit
    }
  })
})

/** The first line of stdout. */
function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((found, failed) => {
    createInterface(child.stdout!).once('line', found)
    child.once('exit', (code) => failed(new Error(`it ended with code ${code} before it was ready`)))
  })
}

describe('an older Node', () => {
  /** Runs `ottla` in a Node that says it is version 20. */
  function ottla(bin: string, args: readonly string[]) {
    const older = join(folder, 'older.js')
    writeFileSync(older, "Object.defineProperty(process.versions, 'node', { value: '20.20.2' })")
    return spawnSync(process.execPath, ['--require', older, bin, ...args], { encoding: 'utf8', env: environment })
  }

  test('reads one sentence instead of a crash', () => {
    const bin = join(folder, 'alone/bin')
    mkdirSync(bin, { recursive: true })
    for (const name of ['ottla.js', 'node-version.js']) copyFileSync(join(root, 'bin', name), join(bin, name))
    expect(ottla(join(bin, 'ottla.js'), ['serve'])).toMatchObject({
      status: 1,
      stdout: '',
      stderr:
        'ottla: Ottla needs Node 22.15 or newer, and this is Node 20.20.2. Install a newer one from https://nodejs.org.\n',
    })
  })

  test('goes on with the Node of a checkout', () => {
    expect(ottla(join(root, 'bin/ottla.js'), ['serve', '--prot', '1'])).toMatchObject({
      status: 1,
      stdout: '',
      stderr: 'ottla: There is no flag --prot; did you mean --port?\n',
    })
  })

  test('is what package.json says', () => {
    const { isSupported } = require(join(root, 'bin/node-version.js')) as { isSupported(version: string): boolean }
    const { engines } = require(join(root, 'package.json')) as { engines: { node: string } }
    expect(engines.node).toBe('>=22.15')
    expect(['20.20.2', '22.14.0', '22.15.0', '23.0.0', '24.21.0'].map(isSupported)).toEqual([
      false,
      false,
      true,
      true,
      true,
    ])
  })
})
