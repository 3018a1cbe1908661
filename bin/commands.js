// The commands. Each is a bundle of its own that is loaded only when it is asked for.

const { existsSync } = require('node:fs')
const nodeModule = require('node:module')
const { join } = require('node:path')

const commands = {
  serve: 'run the broker without a window',
  shrink: 'give the free space inside a workspace back to the disk',
  groups: 'look at consumer groups and move their offsets',
  schemas: 'list, get, check and register schemas of a registry',
  copy: 'copy topics of a cluster, or a part of them, into the broker on this machine',
  doctor: 'find out why a cluster cannot be reached',
  connections: 'list the stored connections to clusters elsewhere',
  compare: 'list what is not the same in two clusters',
}
const bundles = {
  serve: 'headless.js',
  shrink: 'shrink.js',
  groups: 'groups.js',
  schemas: 'schemas.js',
  copy: 'copy.js',
  doctor: 'doctor.js',
  connections: 'connections.js',
  compare: 'compare.js',
}

const command = process.argv[2]
if (command === '--version' || command === 'version') {
  process.stdout.write(`${require('../package.json').version}\n`)
  process.exit(0)
}
if (!Object.hasOwn(bundles, command ?? '')) {
  const asked = command === undefined || command === '--help' || command === 'help'
  const lines = Object.entries(commands).map(([name, does]) => `  ottla ${name.padEnd(11)} ${does}`)
  const text = `${lines.join('\n')}\n\nottla COMMAND --help says more, ottla --version which version this is.\n`
  if (asked) process.stdout.write(text)
  else process.stderr.write(`ottla: there is no command "${command}".\n\n${text}`)
  process.exit(asked ? 0 : 1)
}

// Present where the project is a checkout, absent in the package.
const build = join(__dirname, '../scripts/build-if-needed.js')
if (existsSync(build)) require(build).buildIfNeeded()

// Compiled code is kept between starts.
nodeModule.enableCompileCache()
process.argv.splice(2, 1)
require(join(__dirname, '../out/main', bundles[command]))
