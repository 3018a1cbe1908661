import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readScenarios, rewriteTraces } from '../../src-main/scenarios/grammar'
import { ClassicDriver } from '../support/classic-group'
import { GroupDriver } from '../support/group-driver'
import { TransactionDriver } from '../support/transaction'

/** Folder of scenarios to the driver that understands their commands. */
const drivers = { classic: ClassicDriver, consumer: GroupDriver, transactions: TransactionDriver }

/** `OTTLA_REWRITE=1` writes the traces that come out into the files; read the diff before you commit it. */
const rewrites = process.env.OTTLA_REWRITE === '1'

function traceOf(Driver: (typeof drivers)[keyof typeof drivers], commands: readonly string[]): string {
  const driver = new Driver()
  for (const command of commands) driver.run(command)
  return driver.trace.join('\n')
}

for (const [folder, Driver] of Object.entries(drivers)) {
  for (const name of readdirSync(join(__dirname, folder))) {
    const file = join(__dirname, folder, name)
    const text = readFileSync(file, 'utf8')
    const scenarios = readScenarios(text)
    describe(`${folder}${folder === 'transactions' ? '' : ' groups'}: ${name.replace('.txt', '')}`, () => {
      if (rewrites) {
        test('traces are rewritten', () => {
          const traces = scenarios.map(({ commands }) => traceOf(Driver, commands))
          writeFileSync(file, rewriteTraces(text, traces))
        })
        return
      }
      for (const { title, commands, trace } of scenarios) {
        test(title, () => expect(traceOf(Driver, commands).trim()).toBe(trace))
      }
    })
  }
}
