import fc from 'fast-check'
import { expect, test } from 'vitest'
import { GroupDriver } from '../support/group-driver'

const modern = fc.constantFrom('a', 'b')
const classic = fc.constantFrom('c', 'd')

/** Members of both protocols, that come and go, fall silent, and now and then lie about what they own. */
const command = fc.oneof(
  { weight: 4, arbitrary: modern.map((who) => `join ${who}`) },
  { weight: 6, arbitrary: modern.map((who) => `beat ${who}`) },
  { weight: 1, arbitrary: modern.map((who) => `beat ${who} owned=t0t1t2t3`) },
  { weight: 2, arbitrary: modern.map((who) => `leave ${who}`) },
  { weight: 1, arbitrary: modern.map((who) => `join ${who} instance=i`) },
  { weight: 4, arbitrary: classic.map((who) => `cjoin ${who}`) },
  { weight: 2, arbitrary: classic.map((who) => `cjoin ${who} eager=yes`) },
  { weight: 1, arbitrary: classic.map((who) => `cjoin ${who} instance=i new=yes`) },
  { weight: 5, arbitrary: classic.map((who) => `csync ${who} assign=c:t0t1;d:t2t3`) },
  { weight: 5, arbitrary: classic.map((who) => `cbeat ${who}`) },
  { weight: 2, arbitrary: classic.map((who) => `cleave ${who}`) },
  { weight: 1, arbitrary: fc.constantFrom('fence', 'topics t=5', 'untopic t', 'restart') },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 20_000 }).map((ms) => `pass ${ms}`) },
)

function owners({ group }: GroupDriver): string[] {
  if (group.type !== 'consumer') return []
  return group.value.members.flatMap(({ assigned, pendingRevocation }) =>
    [assigned, pendingRevocation].flatMap((partitions) =>
      Object.entries(partitions).flatMap(([topicId, numbers]) => numbers.map((number) => `${topicId}:${number}`)),
    ),
  )
}

test('groups that change their protocol answer each request once, assign no partition twice and end empty', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const driver = new GroupDriver()
      driver.run('topics t=4')
      for (const line of commands) {
        driver.run(line)
        const owned = owners(driver)
        expect(new Set(owned).size).toBe(owned.length)
        const ids = driver.group.value.members.map(({ memberId }) => memberId)
        expect(new Set(ids).size).toBe(ids.length)
      }
      driver.run('pass 3600000')
      expect(driver.group.value.members).toEqual([])
    }),
    { numRuns: 300 },
  )
})

test('members of both protocols that follow their assignments own all partitions in the end', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 40 }), (commands) => {
      const driver = new GroupDriver()
      driver.run('topics t=4')
      for (const line of commands) driver.run(line)
      driver.run('fence')
      driver.run('topics t=4')
      for (const who of ['a', 'b']) driver.run(`join ${who} id=${who}-new`)
      for (const who of ['c', 'd']) {
        driver.clients.delete(who)
        driver.run(`cjoin ${who}`)
      }
      for (let round = 0; round < 12; round++) {
        for (const who of ['a', 'b']) driver.run(`beat ${who}`)
        for (const who of ['c', 'd']) {
          driver.run(`csync ${who}`)
          driver.run(`cbeat ${who}`)
          if (driver.trace.at(-1)?.endsWith('heartbeat REBALANCE_IN_PROGRESS')) driver.run(`cjoin ${who}`)
        }
      }
      expect(driver.state()).toMatch(/^consumer Stable/)
      expect(new Set(owners(driver)).size).toBe(driver.group.type === 'consumer' ? partitionsOf(driver) : 0)
    }),
    { numRuns: 200 },
  )
})

function partitionsOf({ group }: GroupDriver): number {
  return group.type === 'consumer' ? group.value.topics.reduce((sum, { partitions }) => sum + partitions, 0) : 0
}
