// `npm start`: the desktop app; where it cannot open, the same pages in a browser.

const { spawn, spawnSync } = require('node:child_process')
const { join } = require('node:path')
const { buildIfNeeded } = require('./build-if-needed.js')

const root = join(__dirname, '..')
const words = process.argv.slice(2)

/** Why no window can open; undefined when one can. */
function obstacle() {
  const display = process.env.DISPLAY || process.env.WAYLAND_DISPLAY
  if (process.platform === 'linux' && !display) return 'there is no display'
  // The electron package brings its binary when it is first asked for; what it says while it fails is not for the user.
  const found = spawnSync(process.execPath, ['-p', 'require("electron")'], { cwd: root, encoding: 'utf8' })
  return found.status === 0 ? undefined : 'no Electron binary can be had'
}

/** Flags of `ottla serve` follow a `--`; files and links of the app come before it. */
function startDesktop() {
  const flags = words.findIndex((word) => word.startsWith('-'))
  const own = flags < 0 ? words : words.slice(0, flags)
  const serve = flags < 0 ? [] : ['--', ...words.slice(flags)]
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return spawn(require('electron'), [...sandbox, root, ...own, ...serve], { stdio: 'inherit' })
}

function serveInstead(reason) {
  process.stderr.write(`ottla: ${reason}; the pages are served to a browser instead.\n`)
  return spawn(process.execPath, [join(root, 'bin/ottla.js'), 'serve', ...words], { stdio: 'inherit' })
}

buildIfNeeded()
const reason = obstacle()
const child = reason === undefined ? startDesktop() : serveInstead(reason)
// Ctrl+C reaches the child by itself; this process waits for it to end well.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => child.kill('SIGTERM'))
child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)))
