// Electron's own program, which its npm package brings when it is first asked for. That takes a while, so it is said.

const { spawnSync } = require('node:child_process')
const { existsSync } = require('node:fs')
const { dirname, join } = require('node:path')
const { pathToFileURL } = require('node:url')

const folder = dirname(require.resolve('electron/package.json'))

/**
 * The path of the program, after it was downloaded if need be.
 *
 * @param write takes what is said meanwhile
 * @throws Error with a sentence when it cannot be had
 */
async function electronBinary(write) {
  const isHere = process.env.ELECTRON_OVERRIDE_DIST_PATH || existsSync(join(folder, 'path.txt'))
  if (!isHere) await download(write)
  return require('electron')
}

async function download(write) {
  const { version } = require('electron/package.json')
  write(`ottla: Electron ${version} is being downloaded. This happens once.\n`)
  try {
    const get = await import(pathToFileURL(require.resolve('@electron/get', { paths: [folder] })).href)
    // The installer of the package takes what it finds in the cache of downloads.
    await get.downloadArtifact({
      version,
      artifactName: 'electron',
      platform: process.env.npm_config_platform || process.platform,
      arch: process.env.npm_config_arch || process.arch,
      cacheRoot: process.env.electron_config_cache,
      checksums: require('electron/checksums.json'),
      downloadOptions: { quiet: true, getProgressCallback: progress(write) },
    })
  } catch (error) {
    throw new Error(`Electron cannot be downloaded (${reason(error)})`)
  }
  write('ottla: Electron is being unpacked.\n')
  const { status, stderr } = spawnSync(process.execPath, [join(folder, 'install.js')], { encoding: 'utf8' })
  if (status !== 0) throw new Error(`Electron cannot be unpacked (${stderr.trim().split('\n')[0]})`)
}

/** Says every tenth of the way, once. */
function progress(write) {
  let told = 0
  return ({ transferred, total }) => {
    if (!total) return
    const tenths = Math.floor((transferred / total) * 10)
    if (tenths <= told) return
    told = tenths
    write(`ottla: ${tenths * 10} % of ${Math.ceil(total / 1_000_000)} MB\n`)
  }
}

/** The first line of why something failed, and of what caused that. */
function reason(error) {
  const cause = error.cause?.message ?? error.cause?.code
  return [error.message, ...(cause ? [cause] : [])].map((text) => text.split('\n')[0]).join(': ')
}

module.exports = { electronBinary }
