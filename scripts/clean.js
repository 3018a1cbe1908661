// Removes what earlier builds left behind.

const { rmSync } = require('node:fs')
const { join } = require('node:path')

for (const folder of ['out', 'dist']) rmSync(join(__dirname, '..', folder), { recursive: true, force: true })
