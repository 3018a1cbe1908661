// `npm run bench -- [NAME] [FLAGS]`: bundles test/bench/NAME.ts and runs it; `broker` when no name is given.

const { spawn } = require('node:child_process')
const { existsSync, readdirSync } = require('node:fs')
const { join } = require('node:path')
const { dependencies, optionalDependencies } = require('../package.json')
const { buildIfNeeded } = require('./build-if-needed.js')

const root = join(__dirname, '..')
const external = [
  ...Object.keys(dependencies),
  ...Object.keys(optionalDependencies),
  'playwright-core',
  'crc-32/crc32c',
]

async function run([first, ...others]) {
  const named = first !== undefined && !first.startsWith('-')
  const name = named ? first : 'broker'
  const flags = named ? others : process.argv.slice(2)
  const source = join(root, 'test/bench', `${name}.ts`)
  if (!existsSync(source)) {
    const names = readdirSync(join(root, 'test/bench')).filter((file) => file.endsWith('.ts'))
    throw new Error(`there is no bench "${name}"; there are ${names.map((file) => file.slice(0, -3)).join(', ')}`)
  }
  const { build } = await import('vite')
  await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true, external },
    build: {
      ssr: source,
      outDir: 'out/bench',
      emptyOutDir: false,
      target: 'node22',
      rolldownOptions: { external, output: { format: 'cjs', entryFileNames: '[name].js' } },
    },
  })
  const child = spawn(process.execPath, ['--expose-gc', join(root, 'out/bench', `${name}.js`), ...flags], {
    stdio: 'inherit',
  })
  child.on('exit', (code) => process.exit(code ?? 1))
}

buildIfNeeded()
run(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`bench: ${error.message}\n`)
  process.exit(1)
})
