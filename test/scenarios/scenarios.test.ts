import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ClassicDriver } from '../support/classic-group'
import { EitherDriver } from '../support/either-group'
import { readScenarios } from '../support/scenario'
import { TransactionDriver } from '../support/transaction'

/** Folder of scenarios to the driver that understands their commands. */
const drivers = { classic: ClassicDriver, consumer: EitherDriver, transactions: TransactionDriver }

for (const [folder, Driver] of Object.entries(drivers)) {
  for (const file of readdirSync(join(__dirname, folder))) {
    describe(`${folder}${folder === 'transactions' ? '' : ' groups'}: ${file.replace('.txt', '')}`, () => {
      for (const { title, commands, trace } of readScenarios(join(__dirname, folder, file))) {
        test(title, () => {
          const driver = new Driver()
          for (const command of commands) driver.run(command)
          expect(driver.trace.join('\n').trim()).toBe(
            trace
              .split('\n')
              .map((line) => line.trimEnd())
              .join('\n'),
          )
        })
      }
    })
  }
}
