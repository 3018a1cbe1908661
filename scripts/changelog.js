// `node scripts/changelog.js VERSION`: what CHANGELOG.md says of a version, for the notes of its release.

const { readFileSync } = require('node:fs')
const { join } = require('node:path')

const version = process.argv[2]
const text = readFileSync(join(__dirname, '../CHANGELOG.md'), 'utf8')
const section = text.split(/^## /m).find((part) => part.split(/\s/, 1)[0] === version)
if (section === undefined) {
  process.stderr.write(`changelog: CHANGELOG.md says nothing of version ${version}.\n`)
  process.exit(1)
}
process.stdout.write(`${section.slice(section.indexOf('\n') + 1).trim()}\n`)
