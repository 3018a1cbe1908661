// The versions of Node that Ottla runs on. Keeps to syntax that old versions can read.

const { existsSync } = require('node:fs')
const { dirname, join } = require('node:path')

/** better-sqlite3 13 needs Node 22; Node's own zstd came with 22.15. The same as `engines` in package.json. */
const oldest = [22, 15]

function isSupported(version) {
  const [major, minor] = version.split('.').map(Number)
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
}

/** The `node` package of a checkout; undefined where only the package of Ottla is installed. */
function bundledNode() {
  try {
    const folder = dirname(require.resolve('node/package.json'))
    const file = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
    return existsSync(file) ? file : undefined
  } catch (_) {
    return undefined
  }
}

function refusal(version) {
  return `Ottla needs Node ${oldest.join('.')} or newer, and this is Node ${version}. Install a newer one from https://nodejs.org.`
}

module.exports = { bundledNode, isSupported, refusal }
