// `npm start`: the desktop app; where it cannot open, the same pages in a browser.

const { spawn } = require('node:child_process')
const { join } = require('node:path')
const { buildIfNeeded } = require('./build-if-needed.js')
const { electronBinary } = require('./electron-binary.js')

const root = join(__dirname, '..')
const words = process.argv.slice(2)

const say = (text) => process.stderr.write(text)

/** Flags of `ottla serve` follow a `--`; files and links of the app come before it. */
function startDesktop(electron) {
  const flags = words.findIndex((word) => word.startsWith('-'))
  const own = flags < 0 ? words : words.slice(0, flags)
  const serve = flags < 0 ? [] : ['--', ...words.slice(flags)]
  const sandbox = process.platform === 'linux' && process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return spawn(electron, [...sandbox, root, ...own, ...serve], { stdio: 'inherit' })
}

function serveInstead(reason) {
  say(`ottla: ${reason}; the pages are served to a browser instead.\n`)
  return spawn(process.execPath, [join(root, 'bin/ottla.js'), 'serve', ...words], { stdio: 'inherit' })
}

/** The app, or its pages where no window can open. */
async function start() {
  const display = process.env.DISPLAY || process.env.WAYLAND_DISPLAY
  if (process.platform === 'linux' && !display) return serveInstead('There is no display')
  try {
    return startDesktop(await electronBinary(say))
  } catch (error) {
    return serveInstead(error.message)
  }
}

async function run() {
  buildIfNeeded()
  const child = await start()
  // Ctrl+C reaches the child by itself; this process waits for it to end well.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', fail)
  child.on('exit', (code, signal) => process.exit(code ?? (signal === null ? 0 : 1)))
}

function fail(error) {
  say(`ottla: ${error.message}\n`)
  process.exit(1)
}

run().catch(fail)
