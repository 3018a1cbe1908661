// Builds when the sources are newer than the last build. Looking costs a few milliseconds.

const { spawnSync } = require('node:child_process')
const { readdirSync, statSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '..')
const sources = ['src-main', 'src-renderer', 'electron.vite.config.ts', 'package-lock.json']

/** Ends the process when the build fails, with what the build said. */
function buildIfNeeded() {
  const built = modifiedAt(join(root, 'out/main/headless.js'))
  if (built !== undefined && sources.every((source) => newest(join(root, source)) <= built)) return
  process.stderr.write('ottla: building, since the sources are newer than the last build.\n')
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, 'node_modules/electron-vite/bin/electron-vite.js'), 'build'],
    { cwd: root, encoding: 'utf8' },
  )
  if (status === 0) return
  process.stderr.write(`${stdout}${stderr}ottla: the build failed.\n`)
  process.exit(1)
}

/** When anything under `path` changed last. */
function newest(path) {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (!stat) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path, { withFileTypes: true }).reduce((latest, entry) => {
    const file = join(path, entry.name)
    return Math.max(latest, entry.isDirectory() ? newest(file) : statSync(file).mtimeMs)
  }, stat.mtimeMs)
}

function modifiedAt(file) {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs
}

module.exports = { buildIfNeeded }
