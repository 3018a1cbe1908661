import { inHashMapOrder, javaHash } from '../../base/java-hash'
import type { RequestOf } from '../../protocol/api-types'
import { type ErrorName, errorCode } from '../../protocol/errors'
import { credentialOf, fewestIterations, mostIterations } from '../../security/scram'
import { allowsOnCluster } from '../authorization'
import type { Core } from '../core'
import { type Answer, handler } from '../handler'
import { type KafkaFailure, kafkaFailure, storageFailure, unauthorized } from '../kafka-failure'
import { scramHashes } from '../security/users'

/** DescribeUserScramCredentials 0 (KIP-554). */
export const describeUserScramCredentials = handler({
  api: 'DescribeUserScramCredentials',
  versions: [0, 0],
  handle(request, { core, client }): Answer<'DescribeUserScramCredentials'> {
    if (!allowsOnCluster({ core, client }, 'DESCRIBE')) {
      return { errorCode: errorCode('CLUSTER_AUTHORIZATION_FAILED'), errorMessage: null, results: [] }
    }
    const asked = request.users?.length ? request.users.map(({ name }) => name) : core.users.names()
    const results = inHashMapOrder([...new Set(asked)], javaHash).map((user) => {
      if (asked.indexOf(user) !== asked.lastIndexOf(user)) {
        const text = `Cannot describe SCRAM credentials for the same user twice in a single request: ${user}`
        return { user, errorCode: errorCode('DUPLICATE_RESOURCE'), errorMessage: text, credentialInfos: [] }
      }
      const credentialInfos = Object.entries(scramHashes).flatMap(([mechanism, hash]) => {
        const credential = core.users.find(user, hash)
        return credential ? [{ mechanism: Number(mechanism), iterations: credential.iterations }] : []
      })
      const known = credentialInfos.length > 0
      return {
        user,
        errorCode: errorCode(known ? 'NONE' : 'RESOURCE_NOT_FOUND'),
        errorMessage: known ? '' : `Attempt to describe a user credential that does not exist: ${user}`,
        credentialInfos,
      }
    })
    return { errorCode: 0, errorMessage: '', results }
  },
})

type Requested = RequestOf<'AlterUserScramCredentials'>
type Change = Requested['deletions'][number] | Requested['upsertions'][number]

/** AlterUserScramCredentials 0 (ScramControlManager.alterCredentials): one change of each user. */
export const alterUserScramCredentials = handler({
  api: 'AlterUserScramCredentials',
  versions: [0, 0],
  handle({ deletions, upsertions }, { core, client }): Answer<'AlterUserScramCredentials'> {
    if (!allowsOnCluster({ core, client }, 'ALTER')) {
      const { error, message } = unauthorized('CLUSTER_AUTHORIZATION_FAILED')
      return { results: usersOf(deletions, upsertions).map((user) => resultOf(user, error, message)) }
    }
    const refused = new Map<string, KafkaFailure>()
    const removed = new MeasuredMap<Requested['deletions'][number]>()
    const added = new MeasuredMap<Requested['upsertions'][number]>()
    const refusal = (change: Change): KafkaFailure | undefined => {
      const isSecond = removed.delete(change.name) || added.delete(change.name)
      if (isSecond) {
        return kafkaFailure('DUPLICATE_RESOURCE', 'A user credential cannot be altered twice in the same request')
      }
      return problemOf(change, core)
    }
    const take = <T extends Change>(changes: readonly T[], taken: MeasuredMap<T>) => {
      for (const change of changes) {
        if (refused.has(change.name)) continue
        const problem = refusal(change)
        if (problem) refused.set(change.name, problem)
        else taken.set(change.name, change)
      }
    }
    take(deletions, removed)
    take(upsertions, added)
    for (const { name, mechanism } of removed.values()) core.users.set(name, scramHashes[mechanism] ?? 'sha256', null)
    for (const { name, mechanism, salt, iterations, saltedPassword } of added.values()) {
      const hash = scramHashes[mechanism] ?? 'sha256'
      core.users.set(name, hash, credentialOf(hash, salt, iterations, saltedPassword))
    }
    return {
      results: [
        ...[...removed.inOrder(), ...added.inOrder()].map((user) => resultOf(user, 'NONE', null)),
        ...inHashMapOrder([...refused], ([user]) => javaHash(user)).map(([user, { error, message }]) =>
          resultOf(user, error, message),
        ),
      ],
    }
  },
  storageFailed: ({ deletions, upsertions }) => ({
    results: usersOf(deletions, upsertions).map((user) => resultOf(user, storageFailure.error, storageFailure.message)),
  }),
})

/** A map by user that knows how many entries it had at most: the order of a hash map depends on it. */
class MeasuredMap<T> extends Map<string, T> {
  #most = 0

  override set(user: string, change: T): this {
    super.set(user, change)
    this.#most = Math.max(this.#most, this.size)
    return this
  }

  inOrder(): string[] {
    return inHashMapOrder([...this.keys()], javaHash, this.#most)
  }
}

function problemOf(change: Change, { users }: Core): KafkaFailure | undefined {
  if (change.name === '') return kafkaFailure('UNACCEPTABLE_CREDENTIAL', 'Username must not be empty')
  const hash = scramHashes[change.mechanism]
  if (!hash) return kafkaFailure('UNSUPPORTED_SASL_MECHANISM', 'Unknown SCRAM mechanism')
  if (!('iterations' in change)) {
    if (users.find(change.name, hash)) return undefined
    return kafkaFailure('RESOURCE_NOT_FOUND', 'Attempt to delete a user credential that does not exist')
  }
  if (change.iterations < fewestIterations) return kafkaFailure('UNACCEPTABLE_CREDENTIAL', 'Too few iterations')
  if (change.iterations > mostIterations) return kafkaFailure('UNACCEPTABLE_CREDENTIAL', 'Too many iterations')
  return undefined
}

function resultOf(user: string, error: ErrorName, errorMessage: string | null) {
  return { user, errorCode: errorCode(error), errorMessage }
}

function usersOf(...changes: readonly (readonly { readonly name: string }[])[]): string[] {
  return inHashMapOrder([...new Set(changes.flat().map(({ name }) => name))], javaHash)
}
