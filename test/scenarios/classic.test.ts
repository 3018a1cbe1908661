import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { ClassicDriver } from '../support/classic-group'
import { readScenarios } from '../support/scenario'

const folder = join(__dirname, 'classic')

for (const file of readdirSync(folder)) {
  describe(`classic groups: ${file.replace('.txt', '')}`, () => {
    for (const { title, commands, trace } of readScenarios(join(folder, file))) {
      test(title, () => {
        const driver = new ClassicDriver()
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
