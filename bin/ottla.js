#!/usr/bin/env node
// The command line. This file and node-version.js keep to syntax that old versions of Node can read: better-sqlite3 ends
// those with a segmentation fault, so they are told apart before anything native is loaded.

const { spawn } = require('node:child_process')
const { bundledNode, isSupported, refusal } = require('./node-version.js')

/** Runs this command with another Node. Ctrl+C reaches the child by itself; this process waits for it to end. */
function continueWith(node) {
  const child = spawn(node, process.argv.slice(1), { stdio: 'inherit' })
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('error', (error) => {
    process.stderr.write(`ottla: ${node} cannot be started: ${error.message}\n`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => process.exit(signal === null ? code : 1))
}

if (isSupported(process.versions.node)) {
  require('./commands.js')
} else {
  const node = bundledNode()
  if (node === undefined) {
    process.stderr.write(`ottla: ${refusal(process.versions.node)}\n`)
    process.exitCode = 1
  } else {
    continueWith(node)
  }
}
