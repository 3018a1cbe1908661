// `npm test`: everything that must hold. `npm run check`: the part of it that takes less than a minute.
// Every step runs, also after one that failed; the last line counts them all.

const { spawnSync } = require('node:child_process')
const { mkdirSync, readFileSync, rmSync } = require('node:fs')
const { join } = require('node:path')

const root = join(__dirname, '..')
const results = join(root, 'test-results')
const isCheck = process.argv[2] === 'check'

const quickChecks = [
  ['format and lint', 'biome', ['check', '--error-on-warnings']],
  ['types of src-main and test', 'tsc', ['-p', 'tsconfig.json']],
  ['types of the tests of pages', 'tsc', ['-p', 'test/e2e/tsconfig.json']],
  ['types of the pages', 'tsc', ['-p', 'src-renderer/tsconfig.json']],
  ['unused files and packages', 'knip', ['--include', 'files,dependencies,unlisted,unresolved']],
]
const checks = isCheck ? quickChecks : [...quickChecks, ['build', 'npm', ['run', '--silent', 'build']]]
const projects = isCheck ? ['fast'] : ['fast', 'real']

let passed = 0
let failed = 0

for (const [name, command, args] of checks) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' })
  if (status === 0) passed++
  else failed++
  process.stdout.write(`${status === 0 ? 'passed' : 'FAILED'}: ${name}\n`)
}

mkdirSync(results, { recursive: true })
for (const project of projects) {
  const file = join(results, `${project}.json`)
  rmSync(file, { force: true })
  const { status } = spawnSync(
    'vitest',
    ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
    { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' },
  )
  const report = readReport(file)
  passed += report.numPassedTests
  // A file that cannot even be loaded has no tests to count; the run fails all the same.
  failed += report.numFailedTests || (status === 0 ? 0 : 1)
}

process.stdout.write(`\n${passed} passed, ${failed} failed\n`)
process.exit(failed === 0 ? 0 : 1)

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // Vitest ended without a report: its status says that it failed.
    return { numPassedTests: 0, numFailedTests: 0 }
  }
}
