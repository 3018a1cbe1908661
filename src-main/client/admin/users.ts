import { randomBytes } from 'node:crypto'
import { fewestIterations, saltPassword } from '../../security/scram'
import type { KafkaClient } from '../client'
import { check } from '../failures'

/** org.apache.kafka.clients.admin.ScramMechanism. */
const scramCodes = { 'SCRAM-SHA-256': 1, 'SCRAM-SHA-512': 2 } as const
export type ScramMechanism = keyof typeof scramCodes

export interface ScramUser {
  readonly name: string
  readonly mechanisms: readonly ScramMechanism[]
}

/** Users with a password of SCRAM (KIP-554). @throws KafkaError */
export async function describeScramUsers(client: KafkaClient): Promise<ScramUser[]> {
  return await client.retry(async () => {
    const answer = await client.ask({ to: 'any' }, 'DescribeUserScramCredentials', { users: null })
    check(answer.errorCode, 'The users cannot be read', answer.errorMessage)
    return answer.results.map(({ user, credentialInfos }) => ({
      name: user,
      mechanisms: (Object.keys(scramCodes) as ScramMechanism[]).filter((name) =>
        credentialInfos.some(({ mechanism }) => mechanism === scramCodes[name]),
      ),
    }))
  })
}

/** Creates a user or changes its password, which is salted here and never sent; `null` removes it. @throws KafkaError */
export async function alterScramUser(
  client: KafkaClient,
  {
    name,
    mechanism,
    password,
  }: { readonly name: string; readonly mechanism: ScramMechanism; readonly password: string | null },
): Promise<void> {
  const who = { name, mechanism: scramCodes[mechanism] }
  const salt = randomBytes(16)
  const hash = mechanism === 'SCRAM-SHA-256' ? 'sha256' : 'sha512'
  await client.retry(async () => {
    const { results } = await client.ask({ to: 'controller' }, 'AlterUserScramCredentials', {
      deletions: password === null ? [who] : [],
      upsertions:
        password === null
          ? []
          : [
              {
                ...who,
                iterations: fewestIterations,
                salt,
                saltedPassword: saltPassword(hash, password, salt, fewestIterations),
              },
            ],
    })
    for (const { errorCode, errorMessage } of results) check(errorCode, `User ${name} cannot be changed`, errorMessage)
  })
}
